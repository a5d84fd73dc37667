import type { JobId } from '../contract/ids.ts';
import { identify } from '../domain/access.ts';
import type { Job } from '../domain/job.ts';
import type { ChatPerson, Person } from '../domain/person.ts';
import type { App } from './app.ts';
import { changeJob } from './change-job.ts';
import { type Decided, type Decision, decisionEvent, isAsShown, type Objection } from './decision.ts';
import { findTestbox } from './find-testbox.ts';
import { makePlan } from './make-plan.ts';
import { type Click, rightsObjection, stateObjection } from './objection.ts';
import { ShareError } from './share-port.ts';

/**
 * Carries out what a person decided. Rights are checked here, at the click, whatever the
 * button promised; the job is loaded anew; who comes second is told who was first.
 */
export async function decide(app: App, who: ChatPerson, id: JobId, decision: Decision): Promise<Decided> {
  const by = identify(who, app.inventory.access());
  const job = await app.store.job(id);
  if (job === null) return { kind: 'no-such-job' };
  const click = { who, by, job, decision };
  const mayNot = await rightsObjection(app, click);
  if (mayNot !== null) return refuse(app, click, mayNot);
  // A click that a platform delivers twice, or a person makes twice, has been carried out already.
  if (isInEffect(decision, by, job)) return { kind: 'done', job };
  const cannot = await stateObjection(app, click);
  if (cannot !== null) return refuse(app, click, cannot);
  if (decision.kind !== 'accept' && !isAsShown(decision, job)) return { kind: 'plan-changed', job };
  if (needsFreshPlan(decision, job)) {
    const fresh = await freshPlan(app, click);
    if (fresh !== null) return fresh;
  }
  return carryOut(app, click);
}

/** What was allowed a moment ago may be too late by now: the store has the last word. */
async function carryOut(app: App, click: Click): Promise<Decided> {
  const { by, job, decision } = click;
  const changed = await changeJob(app, job.id, (now) => decisionEvent(decision, by, { seen: job, now }));
  switch (changed.kind) {
    case 'changed':
      return { kind: 'done', job: changed.job };
    case 'refused':
      return refuse(app, click, changed);
    case 'box-busy':
      return refuse(app, click, { kind: 'busy', holder: changed.holder, job });
    case 'no-such-job':
      return changed;
  }
}

async function refuse(app: App, { by, job, decision }: Click, objection: Objection): Promise<Objection> {
  await app.store.addAudit({
    at: app.clock.now(),
    jobId: job.id,
    testbox: job.testbox.address,
    actor: by,
    event: 'decision-refused',
    fromState: job.state,
    toState: null,
    detail: {
      decision: decision.kind,
      why: objection.kind === 'refused' ? objection.why : objection.kind,
    },
  });
  return objection;
}

function isInEffect(decision: Decision, by: Person, job: Job): boolean {
  switch (decision.kind) {
    case 'confirm':
      return job.state !== 'planned' && job.confirmedDigest === job.digest && job.cancelledBy === null;
    case 'approve':
      return job.approvals.some((approval) => approval.by.key === by.key && approval.digest === job.digest);
    case 'deny':
      return job.denial?.by.key === by.key;
    case 'dismiss':
      return job.state === 'cancelled' && job.cancelledBy?.key === by.key;
    case 'cancel':
      return (
        job.cancelledBy?.key === by.key && job.state === (decision.despiteDirty ? 'stopped' : 'cancelling')
      );
    default:
      return false;
  }
}

/** Decisions after which the disk may be written: the plan is made again before they count. */
function needsFreshPlan(decision: Decision, job: Job): boolean {
  if (job.state === 'planned') return decision.kind === 'confirm';
  return job.state === 'awaiting-approval' && (decision.kind === 'approve' || decision.kind === 'confirm');
}

/** Null when the plan is still what the person saw. */
async function freshPlan(app: App, click: Click): Promise<Decided | null> {
  const { job, by } = click;
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox)
    return { kind: 'share-failed', why: `${job.testbox.name} is no longer in the inventory` };
  try {
    const built = await makePlan(app, testbox, job);
    if (built.kind === 'refused') return { kind: 'cannot-work', why: built.why, job };
    if (built.digest === job.digest) return null;
    const changed = await changeJob(app, job.id, { type: 'replanned', ...built });
    app.log.info({ jobId: job.id, by: by.key }, 'the plan changed between request and click');
    if (changed.kind === 'refused') return refuse(app, click, changed);
    return changed.kind === 'changed' ? { kind: 'plan-changed', job: changed.job } : { kind: 'no-such-job' };
  } catch (error) {
    if (error instanceof ShareError) return { kind: 'share-failed', why: error.message };
    throw error;
  }
}
