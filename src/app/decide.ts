import type { JobId, Sha256 } from '../contract/ids.ts';
import { identify, type Role, rolesOf } from '../domain/access.ts';
import type { Refusal } from '../domain/apply.ts';
import type { JobEvent } from '../domain/events.ts';
import type { Job } from '../domain/job.ts';
import type { ChatPerson, Person } from '../domain/person.ts';
import type { PlanRefusal } from '../domain/plan.ts';
import type { App } from './app.ts';
import { changeJob } from './change-job.ts';
import { makePlan } from './make-plan.ts';
import { ShareError } from './ports.ts';
import { findTestbox } from './request.ts';
import type { BoxLock } from './store.ts';

/** What a person can decide about a job, by a button or a word. */
export type Decision =
  | { kind: 'confirm' }
  | { kind: 'dismiss' }
  | { kind: 'approve' }
  | { kind: 'deny'; reason: string | null }
  | { kind: 'cancel'; despiteDirty: boolean }
  | { kind: 'retry' }
  | { kind: 'rescue' }
  | { kind: 'release' }
  | { kind: 'power-cycle' }
  | { kind: 'boot-local' }
  | { kind: 'accept' };

export type Decided =
  | { kind: 'done'; job: Job }
  /** The plan isn't what was shown: it was stored and has to be read again. */
  | { kind: 'plan-changed'; job: Job }
  | { kind: 'no-role'; needs: Role }
  | { kind: 'not-yours'; job: Job }
  | { kind: 'refused'; why: Refusal; job: Job }
  | { kind: 'busy'; holder: Job | null; job: Job }
  | { kind: 'locked'; lock: BoxLock; job: Job }
  | { kind: 'cannot-work'; why: PlanRefusal; job: Job }
  | { kind: 'share-failed'; why: string }
  | { kind: 'no-such-job' };

const NEEDS: Record<Decision['kind'], Role> = {
  confirm: 'operator',
  dismiss: 'operator',
  approve: 'approver',
  deny: 'approver',
  cancel: 'operator',
  retry: 'operator',
  rescue: 'operator',
  release: 'operator',
  'power-cycle': 'operator',
  'boot-local': 'operator',
  accept: 'operator',
};

/** Decisions after which the disk may be written: the plan is made again before they count. */
function needsFreshPlan(decision: Decision, job: Job): boolean {
  if (job.state === 'planned') return decision.kind === 'confirm';
  return job.state === 'awaiting-approval' && (decision.kind === 'approve' || decision.kind === 'confirm');
}

/**
 * Carries out what a person decided. Rights are checked here, at the click, whatever the
 * button promised; the job is loaded anew; who comes second is told who was first.
 */
export async function decide(app: App, who: ChatPerson, id: JobId, decision: Decision): Promise<Decided> {
  const rules = app.inventory.access();
  const by = identify(who, rules);
  const job = await app.store.job(id);
  if (job === null) return { kind: 'no-such-job' };
  const refused = await refusal(app, { who, by, job, decision });
  if (refused !== null) {
    await auditRefusal(app, { by, job, decision, why: refused.kind });
    return refused;
  }
  // A click that a platform delivers twice, or a person makes twice, has been carried out already.
  if (isInEffect(decision, by, job)) return { kind: 'done', job };
  if (needsFreshPlan(decision, job)) {
    const fresh = await freshPlan(app, job, by);
    if (fresh !== null) return fresh;
  }
  const changed = await changeJob(app, id, (now) => eventOf(decision, by, { seen: job, now }));
  switch (changed.kind) {
    case 'changed':
      return { kind: 'done', job: changed.job };
    case 'refused':
      await auditRefusal(app, { by, job, decision, why: changed.why });
      return { kind: 'refused', why: changed.why, job: changed.job };
    case 'box-busy':
      return { kind: 'busy', holder: changed.holder, job };
    case 'no-such-job':
      return changed;
  }
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

interface Click {
  who: ChatPerson;
  by: Person;
  job: Job;
  decision: Decision;
}

async function refusal(app: App, { who, by, job, decision }: Click): Promise<Decided | null> {
  const own = decision.kind === 'dismiss' || decision.kind === 'confirm';
  if (own && job.requester.key !== by.key) return { kind: 'not-yours', job };
  const roles = rolesOf(who, app.inventory.access());
  // A question is accepted by whoever may ask for the action, and approved like a plan.
  if (!roles.has(NEEDS[decision.kind])) return { kind: 'no-role', needs: NEEDS[decision.kind] };
  if (decision.kind !== 'confirm') return null;
  const lock = await app.store.lock(job.testbox.address);
  return lock !== null && lock.by.key !== by.key ? { kind: 'locked', lock, job } : null;
}

/** Null when the plan is still what the person saw. */
async function freshPlan(app: App, job: Job, by: Person): Promise<Decided | null> {
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox)
    return { kind: 'share-failed', why: `${job.testbox.name} is no longer in the inventory` };
  try {
    const built = await makePlan(app, { testbox, action: job.action, onlySlots: job.onlySlots });
    if (built.kind === 'refused') return { kind: 'cannot-work', why: built.why, job };
    if (built.digest === job.digest) return null;
    const changed = await changeJob(app, job.id, { type: 'replanned', ...built });
    app.log.info({ jobId: job.id, by: by.key }, 'the plan changed between request and click');
    return changed.kind === 'changed' ? { kind: 'plan-changed', job: changed.job } : { kind: 'no-such-job' };
  } catch (error) {
    if (error instanceof ShareError) return { kind: 'share-failed', why: error.message };
    throw error;
  }
}

function eventOf(decision: Decision, by: Person, { seen, now }: { seen: Job; now: Job }): JobEvent {
  switch (decision.kind) {
    case 'confirm':
      return { type: 'confirmed', by, digest: seen.digest, channel: seen.origin.channel };
    case 'approve':
      return { type: 'approved', by, digest: seen.digest };
    case 'deny':
      return { type: 'denied', by, reason: decision.reason };
    case 'dismiss':
      return { type: 'cancelled', by, despiteDirty: false };
    case 'cancel':
      return { type: 'cancelled', by, despiteDirty: decision.despiteDirty };
    case 'retry':
      return { type: 'retried', by };
    case 'rescue':
      return { type: 'rescued', by };
    case 'release':
      return { type: 'released', by };
    case 'power-cycle':
      return { type: 'power-asked', by };
    case 'boot-local':
      return { type: 'sent-to-local-disk', by };
    case 'accept':
      return { type: 'question-accepted', by, question: questionOf(now) };
  }
}

function questionOf(job: Job): Sha256 {
  return job.question?.id ?? '';
}

async function auditRefusal(
  app: App,
  refused: { by: Person; job: Job; decision: Decision; why: string },
): Promise<void> {
  const { by, job, decision, why } = refused;
  await app.store.addAudit({
    at: app.clock.now(),
    jobId: job.id,
    testbox: job.testbox.address,
    actor: by,
    event: 'decision-refused',
    fromState: job.state,
    toState: null,
    detail: { decision: decision.kind, why },
  });
}
