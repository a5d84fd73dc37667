import type { JobId } from '../contract/ids.ts';
import { apply, type Refusal } from '../domain/apply.ts';
import type { JobEvent } from '../domain/events.ts';
import type { RecordedHardware } from '../domain/hardware.ts';
import type { Job } from '../domain/job.ts';
import type { Person } from '../domain/person.ts';
import { DEFAULT_DEADLINES } from '../domain/testbox.ts';
import type { App } from './app.ts';
import type { Hearing } from './store.ts';

export type JobChanged =
  | { kind: 'changed'; job: Job }
  | { kind: 'refused'; why: Refusal; job: Job }
  | { kind: 'box-busy'; holder: Job | null }
  | { kind: 'no-such-job' };

const TRIES = 10;

/**
 * Applies one event to a job as it is in the store: compare-and-set, again from the start
 * when somebody else was faster. Audit row, owed effects and what stands beside the job are
 * written in the same transaction.
 *
 * @param eventOf is asked anew at each try; null means that nothing is left to do
 */
export async function changeJob(
  app: App,
  id: JobId,
  eventOf: JobEvent | ((job: Job) => JobEvent | null),
  beside: { hearing?: Hearing; hardware?: RecordedHardware } = {},
): Promise<JobChanged> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const job = await app.store.job(id);
    if (job === null) return { kind: 'no-such-job' };
    const event = typeof eventOf === 'function' ? eventOf(job) : eventOf;
    if (event === null) return { kind: 'changed', job };
    const now = app.clock.now();
    const applied = apply(job, event, { now, deadlines: deadlinesOf(app, job) });
    if (applied.kind === 'refused') return { ...applied, job };
    const outcome = await app.store.commit({
      before: job,
      after: applied.job,
      effects: applied.effects,
      audit: {
        at: now,
        jobId: id,
        testbox: job.testbox.address,
        actor: actorOf(event),
        event: event.type,
        fromState: job.state,
        toState: applied.job.state,
        detail: detailOf(event),
      },
      ...beside,
    });
    if (outcome === 'committed') {
      logChange(app, job, applied.job, event);
      app.wake();
      return { kind: 'changed', job: applied.job };
    }
    if (outcome === 'box-busy')
      return { kind: 'box-busy', holder: await app.store.activeJob(job.testbox.address) };
  }
  throw new Error(`job ${id} was changed by others ${TRIES} times in a row`);
}

export function deadlinesOf(app: App, job: Job) {
  return (
    app.inventory.testboxes().find(({ name }) => name === job.testbox.name)?.deadlines ?? DEFAULT_DEADLINES
  );
}

function actorOf(event: JobEvent): Person | null {
  return 'by' in event ? event.by : null;
}

/** The event without what the job or another column holds anyway. */
function detailOf(event: JobEvent): unknown {
  const { type: _type, ...detail } = event;
  return Object.fromEntries(
    Object.entries(detail).filter(
      ([name]) => !['by', 'nonce', 'plan', 'facts', 'notes', 'session'].includes(name),
    ),
  );
}

function logChange(app: App, before: Job, after: Job, event: JobEvent): void {
  if (before.state === after.state) return;
  const fields = {
    jobId: after.id,
    testbox: after.testbox.name,
    event: event.type,
    from: before.state,
    to: after.state,
  };
  app.log.info(fields, 'job changed its state');
}
