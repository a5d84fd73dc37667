import type { JobId } from '../contract/ids.ts';
import { identify, rolesOf } from '../domain/access.ts';
import { apply } from '../domain/apply.ts';
import type { Job } from '../domain/job.ts';
import type { ChatPerson, Person } from '../domain/person.ts';
import type { App } from './app.ts';
import { deadlinesOf } from './change-job.ts';
import { type Decision, decisionEvent, NEEDED_ROLE, type Objection } from './decision.ts';

/** Who decides what about which job. */
export interface Click {
  who: ChatPerson;
  by: Person;
  job: Job;
  decision: Decision;
}

/**
 * Why the decision would not be carried out if it came now; null when nothing speaks against
 * it. Changes nothing and leaves no audit row. The plan isn't made again: that the share or
 * the box has changed is found at the click only.
 */
export async function objectionTo(
  app: App,
  who: ChatPerson,
  { job: id, decision }: { job: JobId; decision: Decision },
): Promise<Objection | null> {
  const job = await app.store.job(id);
  if (job === null) return { kind: 'no-such-job' };
  const click = { who, by: identify(who, app.inventory.access()), job, decision };
  return (await rightsObjection(app, click)) ?? (await stateObjection(app, click));
}

/** What the person may not do, whatever the job's state. */
export async function rightsObjection(
  app: App,
  { who, by, job, decision }: Click,
): Promise<Objection | null> {
  const own = decision.kind === 'dismiss' || decision.kind === 'confirm';
  if (own && job.requester.key !== by.key) return { kind: 'not-yours', job };
  const needs = NEEDED_ROLE[decision.kind];
  if (!rolesOf(who, app.inventory.access()).has(needs)) return { kind: 'no-role', needs };
  if (decision.kind !== 'confirm') return null;
  const lock = await app.store.lock(job.testbox.address);
  return lock !== null && lock.by.key !== by.key ? { kind: 'locked', lock, job } : null;
}

/** What the job's state, or another job on the box, does not allow. */
export async function stateObjection(
  app: App,
  { by, job, decision }: Omit<Click, 'who'>,
): Promise<Objection | null> {
  const moment = { now: app.clock.now(), deadlines: deadlinesOf(app, job) };
  const applied = apply(job, decisionEvent(decision, by, { seen: job, now: job }), moment);
  if (applied.kind === 'refused') return { kind: 'refused', why: applied.why, job };
  if (decision.kind !== 'confirm' || job.state !== 'planned') return null;
  const holder = await app.store.activeJob(job.testbox.address);
  return holder === null ? null : { kind: 'busy', holder, job };
}
