import { z } from 'zod';
import type { Log } from '../app/ports.ts';
import type { TypedServer } from './agent-routes.ts';

export const HEALTH_PATH = '/healthz';
/** A check that hangs is a failed one. */
const CHECK_TIMEOUT_MS = 5_000;

export const Health = z.object({
  /** `failing` comes with 503. */
  status: z.enum(['ok', 'failing']),
  name: z.literal('testbox'),
  version: z.string(),
  /** What is wrong, for people; null when nothing is. */
  problem: z.string().nullable(),
});
export type Health = z.infer<typeof Health>;

/** What the bot says of itself. A rejection counts as failing. */
export type HealthCheck = () => Promise<{ version: string; problem: string | null }>;

export function addHealthRoute(
  server: TypedServer,
  { health, log }: { health: HealthCheck; log: Log },
): void {
  server.get(HEALTH_PATH, { schema: { response: { 200: Health, 503: Health } } }, async (_request, reply) => {
    const { version, problem } = await checked(health, log);
    if (problem === null) return reply.code(200).send({ status: 'ok', name: 'testbox', version, problem });
    return reply.code(503).send({ status: 'failing', name: 'testbox', version, problem });
  });
}

async function checked(health: HealthCheck, log: Log): ReturnType<HealthCheck> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the health check has no end')), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([health(), timeUp]);
  } catch (error) {
    log.error({ err: error }, 'the health check failed');
    return { version: '', problem: 'the health check failed, see the log' };
  } finally {
    clearTimeout(timer);
  }
}
