import type { HelloAccepted } from '../src/contract/report.ts';
import type { JobOrders, MaintainDeps } from './maintain.ts';
import type { Session } from './session.ts';

export const LOG_MESSAGE_LENGTH = 2_000;

/** What is carried out, by whose leave. */
export interface Job {
  deps: MaintainDeps;
  orders: JobOrders;
  session: Session;
  accepted: HelloAccepted;
}

/** To the console, the box's log and the bot. */
export async function log(job: Job, level: 'info' | 'warn' | 'error', message: string): Promise<void> {
  job.deps.logbook.record(level === 'error' ? 'error' : 'info', message);
  await job.session.emit({ type: 'log', level, message: message.slice(0, LOG_MESSAGE_LENGTH) });
}
