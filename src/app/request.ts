import type { Action } from '../contract/action.ts';
import { identify, rolesOf } from '../domain/access.ts';
import { deadlineFor } from '../domain/deadlines.ts';
import type { ImageWish } from '../domain/image-wish.ts';
import { isActive, type Job } from '../domain/job.ts';
import type { ChatPerson, Person } from '../domain/person.ts';
import type { BuiltPlan, PlanRefusal } from '../domain/plan.ts';
import { planJob } from '../domain/plan-job.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { App } from './app.ts';
import { findTestbox } from './find-testbox.ts';
import { makePlan } from './make-plan.ts';
import { ShareError } from './share-port.ts';
import type { BoxLock } from './store.ts';

export type Requested =
  | { kind: 'planned'; job: Job; testbox: Testbox }
  | { kind: 'unknown-box'; typed: string; meant: string | null }
  | { kind: 'no-role'; needs: 'operator' }
  | { kind: 'locked'; lock: BoxLock; testbox: Testbox }
  | { kind: 'busy'; holder: Job; testbox: Testbox }
  | { kind: 'share-failed'; why: string }
  | { kind: 'refused'; why: PlanRefusal; testbox: Testbox };

export interface ActionRequest {
  person: ChatPerson;
  action: Action;
  /** Name or address, as typed. */
  box: string;
  onlySlots: readonly string[] | null;
  wish: ImageWish;
  reason: string | null;
  channel: string;
}

/** Turns a person's words into a plan to confirm. Holds no lock and touches nothing. */
export async function requestAction(app: App, request: ActionRequest): Promise<Requested> {
  const rules = app.inventory.access();
  const requester = identify(request.person, rules);
  const refused = await refusal(app, request, requester);
  if ('kind' in refused) {
    await auditRefusal(app, request, { requester, why: refused.kind });
    return refused;
  }
  const { testbox } = refused;
  const wish = ownOrLent(app, request.wish, testbox);
  const built = await tryPlan(app, { ...request, wish }, testbox);
  if (built.kind !== 'plan') {
    await auditRefusal(app, request, { requester, why: built.kind });
    return built;
  }
  const job = newJob(app, { request: { ...request, wish }, requester, testbox, built });
  await app.store.create(job, {
    at: job.createdAt,
    jobId: job.id,
    testbox: testbox.address,
    actor: requester,
    event: 'requested',
    fromState: null,
    toState: job.state,
    detail: { action: job.action, reason: job.reason, digest: job.digest },
  });
  return { kind: 'planned', job, testbox };
}

async function refusal(
  app: App,
  request: ActionRequest,
  requester: Person,
): Promise<Requested | { testbox: Testbox }> {
  if (!rolesOf(request.person, app.inventory.access()).has('operator'))
    return { kind: 'no-role', needs: 'operator' };
  const testbox = findTestbox(app, request.box);
  if ('kind' in testbox) return testbox;
  const lock = await app.store.lock(testbox.address);
  if (lock !== null && lock.by.key !== requester.key) return { kind: 'locked', lock, testbox };
  const holder = await app.store.activeJob(testbox.address);
  if (holder !== null && isActive(holder.state)) return { kind: 'busy', holder, testbox };
  return { testbox };
}

async function tryPlan(
  app: App,
  request: ActionRequest,
  testbox: Testbox,
): Promise<Extract<BuiltPlan, { kind: 'plan' }> | Requested> {
  try {
    const built = await makePlan(app, testbox, request);
    return built.kind === 'plan' ? built : { kind: 'refused', why: built.why, testbox };
  } catch (error) {
    if (error instanceof ShareError) return { kind: 'share-failed', why: error.message };
    throw error;
  }
}

function newJob(
  app: App,
  made: {
    request: ActionRequest;
    requester: Person;
    testbox: Testbox;
    built: Extract<BuiltPlan, { kind: 'plan' }>;
  },
): Job {
  const { request, requester, testbox, built } = made;
  const now = app.clock.now();
  const platform = request.person.platform;
  return planJob({
    id: app.random.jobId(),
    testbox: { name: testbox.name, address: testbox.address },
    requester,
    reason: request.reason,
    onlySlots: request.onlySlots,
    wish: request.wish,
    origin: { platform, channel: testbox.channels[platform] ?? request.channel },
    createdAt: now,
    deadline: deadlineFor('planned', { now, deadlines: testbox.deadlines, overruns: 0 }),
    plan: built.plan,
    digest: built.digest,
    notes: built.notes,
    approvalsNeeded: approvalsFor(app, request),
  });
}

/** A box that is asked to take its own images takes them as always. */
function ownOrLent(app: App, wish: ImageWish, testbox: Testbox): ImageWish {
  const { from } = wish;
  const lender = from === null ? null : findTestbox(app, from);
  if (lender === null || 'kind' in lender) return wish;
  return { ...wish, from: lender.address === testbox.address ? null : lender.name };
}

/** One box as a copy of another is never one person's decision alone. */
function approvalsFor(app: App, { action, wish }: ActionRequest): number {
  const { approvals } = app.inventory.access().policy[action];
  return wish.from === null ? approvals : Math.max(1, approvals);
}

async function auditRefusal(
  app: App,
  request: ActionRequest,
  { requester, why }: { requester: Person; why: string },
): Promise<void> {
  await app.store.addAudit({
    at: app.clock.now(),
    jobId: null,
    testbox: null,
    actor: requester,
    event: 'request-refused',
    fromState: null,
    toState: null,
    detail: { action: request.action, box: request.box, why },
  });
}
