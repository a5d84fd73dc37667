import type { Hello, HelloAccepted, HelloRefused, ReportAnswer, ReportBatch } from '../contract/report.ts';

export type HelloOutcome =
  | { kind: 'accepted'; answer: HelloAccepted }
  | { kind: 'refused'; answer: HelloRefused }
  /** Not from the box's address: 403. Only who has the job's nonce is told which that is. */
  | { kind: 'forbidden'; why: string };

export type ReportsOutcome =
  | { kind: 'accepted'; answer: ReportAnswer }
  /** The token is no valid one of the job's newest session: 401, the agent says hello again. */
  | { kind: 'unauthorized' }
  /** The job is over or another boot has it: 410, the agent stops before its next chunk. */
  | { kind: 'gone'; why: string }
  | { kind: 'forbidden'; why: string };

/** What the HTTP door passes on, already parsed. */
export interface AgentCalls {
  /** @param peer the TCP peer's address */
  hello(hello: Hello, peer: string): Promise<HelloOutcome>;
  /** @param token of the Authorization header; empty without one */
  reports(call: { batch: ReportBatch; token: string; peer: string }): Promise<ReportsOutcome>;
}
