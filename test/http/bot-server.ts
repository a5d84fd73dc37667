import type { AgentCalls, HelloOutcome, ReportsOutcome } from '../../src/app/agent-calls.ts';
import { createHttpServer, type HttpDoors, type HttpServer } from '../../src/http/server.ts';

export const HELLO = {
  protocol: 1,
  job: '7k3m9q2x',
  nonce: 'a'.repeat(32),
  bootId: '7c1ab8e2-58c6-4f0b-9d1d-0f6b6f3c3f10',
  uuid: null,
  macs: ['52:54:00:00:00:42'],
  disks: [],
  agentVersion: '0.1.0',
};
export const BATCH = {
  job: '7k3m9q2x',
  session: 's1',
  reports: [{ sequence: 1, at: 0, body: { type: 'phase', phase: 'imaging' } }],
};
export const REPORTS_ACCEPTED: ReportsOutcome = {
  kind: 'accepted',
  answer: { acknowledged: 1, directive: { kind: 'continue' } },
};
const REFUSED: HelloOutcome = { kind: 'refused', answer: { directive: 'wait', reason: 'the job is queued' } };

const servers: HttpServer[] = [];

/** Ends all servers of a test. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) await server.close();
}

/** A server whose app records what reaches it. */
export function bot(doors: Partial<HttpDoors> & { hello?: HelloOutcome; reports?: ReportsOutcome } = {}) {
  const reached: unknown[] = [];
  const logged: unknown[] = [];
  const calls: AgentCalls = {
    hello: async (...call) => {
      reached.push(call);
      return doors.hello ?? REFUSED;
    },
    reports: async (call) => {
      reached.push(call);
      return doors.reports ?? REPORTS_ACCEPTED;
    },
  };
  const log = {
    info() {},
    warn() {},
    error: (fields: object, message: string) => void logged.push({ ...fields, message }),
  };
  const health = async () => ({ version: '0.1.0', problem: null });
  const server = createHttpServer({ calls, health, log, ...doors });
  servers.push(server);
  return { server, reached, logged };
}
