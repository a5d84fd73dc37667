import type { HelloAccepted } from '../src/contract/report.ts';
import type { BootOrderWatch } from './boot-order-watch.ts';
import type { Remark } from './machine.ts';
import type { JobOrders, MaintainDeps } from './maintain.ts';
import type { Session } from './session.ts';

export const LOG_MESSAGE_LENGTH = 2_000;

/** What is carried out, by whose leave. */
export interface Job {
  deps: MaintainDeps;
  orders: JobOrders;
  session: Session;
  accepted: HelloAccepted;
  bootOrder: BootOrderWatch;
  /** Said on the console before there was a session to report them in; taken out once reported. */
  remarks: Remark[];
}

/** To the console, the box's log and the bot. */
export async function log(job: Job, level: 'info' | 'warn' | 'error', message: string): Promise<void> {
  job.deps.logbook.record(level === 'error' ? 'error' : 'info', message);
  await job.session.emit({ type: 'log', level, message: message.slice(0, LOG_MESSAGE_LENGTH) });
}
