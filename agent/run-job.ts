import { type PlanFacts, planDigest } from '../src/contract/plan.ts';
import type { HelloAccepted } from '../src/contract/report.ts';
import { acceptedBefore } from './accepted-before.ts';
import type { ActionContext, ActionResult } from './actions/action.ts';
import { PROGRAMS } from './actions/programs.ts';
import { openBoxDirectory } from './box-directory.ts';
import { decideAndRun } from './decide-and-run.ts';
import { shareFiles } from './durable.ts';
import { asFailure, describeError, Failure } from './failure.ts';
import { type WorkerPool, withPool } from './imaging/worker-pool.ts';
import { forgetHalfWritten, leftHalfWritten } from './jobless/state.ts';
import { dirtyByJournal } from './journal.ts';
import type { JobOrders, MaintainDeps } from './maintain.ts';
import type { Asked } from './questions.ts';
import { isOver, type Session, StopRequested } from './session.ts';

const LOG_MESSAGE_LENGTH = 2_000;

/** What is carried out, by whose leave. */
export interface Job {
  deps: MaintainDeps;
  orders: JobOrders;
  session: Session;
  accepted: HelloAccepted;
}

export type Next = 'reboot' | 'hello-again' | 'end';

/** Carries out the job of an accepted hello, reports how it ended, and waits for what is next. */
export async function runJob(job: Job): Promise<Next> {
  const started = job.deps.clock.elapsed();
  let ended: 'done' | 'not-done';
  try {
    const { workerEntry, workers } = job.deps;
    const result = await withPool({ entry: workerEntry, size: workers }, (pool) => carryOut(job, pool));
    const durationMs = Math.round(job.deps.clock.elapsed() - started);
    await job.session.emit({ type: 'done', ...result, durationMs });
    ended = 'done';
  } catch (error) {
    ended = 'not-done';
    await reportEnd(job, error);
  }
  return await untilNext(job.session, ended, job);
}

async function carryOut(job: Job, pool: WorkerPool): Promise<ActionResult> {
  const { deps, orders, session, accepted } = job;
  const { machine } = deps;
  requireSamePlan(orders, accepted.plan, accepted.digest);
  if (orders.action === 'rescue') return await rescue(job);
  const boxDirectory = await attachShare(job);
  const which = { boxDirectory, job: orders.job, attempt: accepted.attempt };
  const dirtyBefore = await dirtyByJournal(which);
  await session.keepJournal(boxDirectory);
  const context: ActionContext = {
    ...which,
    machine,
    clock: deps.clock,
    timing: deps.timing,
    plan: accepted.plan,
    settings: accepted.settings,
    files: shareFiles,
    agentVersion: deps.agentVersion,
    report: session,
    pool,
    keepFreeBytes: deps.keepFreeBytes,
    dirtyBefore,
    log: (level, message) => log(job, level, message),
  };
  await context.log('info', `Executing '${orders.action}'.`);
  await session.emit({ type: 'phase', phase: 'preflight' });
  await requireWholeDisks(context);
  const result = await decideAndRun(context, PROGRAMS[orders.action], {
    accepted: await acceptedBefore({ ...which, questions: accepted.accepted }),
    ask: (asked) => askPeople(job, asked),
  });
  await session.emit({ type: 'phase', phase: 'syncing' });
  if (orders.action === 'restore') {
    await forgetHalfWritten(
      boxDirectory,
      shareFiles,
      result.disks.map(({ slot }) => slot),
    );
  }
  await context.log('info', `'${orders.action}' - done`);
  await deps.logbook.written();
  return result;
}

/** A job that is done sends the box to its disk, which a restore without a job may have left in its middle. */
async function requireWholeDisks({ boxDirectory, plan }: ActionContext): Promise<void> {
  const restored = plan.action === 'restore' ? plan.disks.map(({ slot }) => slot) : [];
  const left = (await leftHalfWritten(boxDirectory)).filter((slot) => !restored.includes(slot));
  if (left.length === 0) return;
  throw new Failure({
    class: 'operator',
    code: 'disk-half-written',
    message: `${left.join(', ')} is half-written by a restore without a job; restore it first`,
  });
}

/** A box whose share is away can be looked into too: it may be what is to be found out. */
async function rescue(job: Job): Promise<ActionResult> {
  try {
    await attachShare(job);
  } catch (error) {
    await log(job, 'warn', `No log on the share: ${describeError(error)}`);
  }
  await job.session.emit({ type: 'phase', phase: 'preflight' });
  await log(job, 'info', `Executing 'rescue'. The box is there to be logged in to.`);
  return { generation: null, disks: [] };
}

async function attachShare({ deps }: Job): Promise<string> {
  const { machine } = deps;
  const boxDirectory = await openBoxDirectory(machine);
  deps.logbook.attach({ boxDirectory, address: machine.address, hostname: machine.hostname });
  return boxDirectory;
}

async function askPeople({ session, orders, deps }: Job, { question }: Asked): Promise<PlanFacts> {
  deps.logbook.record('info', `Held: ${question.text} Before: ${question.before}. Now: ${question.now}.`);
  await session.emit({ type: 'held', question });
  return await untilAccepted(session, orders, question.id);
}

/** Gives the plan that people accepted. @throws the stop signal's reason */
async function untilAccepted(session: Session, orders: JobOrders, question: string): Promise<PlanFacts> {
  for (;;) {
    session.stop.throwIfAborted();
    const { standing } = session;
    if (standing.kind === 'proceed' && standing.question === question) {
      requireSamePlan(orders, standing.plan, standing.digest);
      session.adopt(standing.plan);
      return standing.plan;
    }
    await session.nextAnswer(session.stop);
  }
}

/** What people approved is what is carried out: the boot config's action, the digest's facts. */
function requireSamePlan(orders: JobOrders, plan: PlanFacts, digest: string): void {
  if (orders.action !== plan.action) {
    throw new Failure({
      class: 'bug',
      code: 'plan-mismatch',
      message: `the boot config says ${orders.action}, the plan says ${plan.action}`,
    });
  }
  if (planDigest(plan) !== digest) {
    throw new Failure({ class: 'bug', code: 'plan-mismatch', message: 'the digest is not that of the plan' });
  }
}

async function reportEnd(job: Job, error: unknown): Promise<void> {
  const { session, deps } = job;
  const { logbook } = deps;
  if (error instanceof StopRequested) {
    logbook.record('info', `Stopped, as the bot wants (${error.standing.kind})`);
    if (!isOver(error.standing)) await session.emit({ type: 'stopped' });
    return;
  }
  const failure = asFailure(error);
  logbook.record('error', `${failure.message} [${failure.class}, ${failure.code}]`);
  if (failure.class === 'bug' && failure.stack !== undefined) logbook.say(failure.stack);
  await session.emit({
    type: 'failed',
    class: failure.class,
    code: failure.code,
    message: failure.message.slice(0, LOG_MESSAGE_LENGTH),
    logTail: logbook.tail(),
  });
}

/**
 * Nothing runs any more: heard every few seconds, until the bot says what is next. `continue`
 * asks for a new run, but only in an answer of after it knew how this one ended.
 */
async function untilNext(session: Session, ended: 'done' | 'not-done', job: Job): Promise<Next> {
  const { logbook } = job.deps;
  let said = '';
  let told = false;
  for (;;) {
    const { standing } = session;
    if (standing.kind === 'ended') return 'end';
    if (standing.kind === 'reboot-local') {
      logbook.record('info', 'rebooting');
      await logbook.written();
      return 'reboot';
    }
    if (isOver(standing)) return 'hello-again';
    if (told && ended === 'not-done' && standing.kind === 'continue') {
      logbook.say('The bot asks for another run.');
      return 'hello-again';
    }
    if (standing.kind === 'stay' && said !== 'stay') {
      logbook.say('The bot says stay: the box stays in the maintenance system until people decide.');
    }
    said = standing.kind;
    await session.delivered();
    told = !isOver(session.standing);
    if (told && session.standing.kind !== 'reboot-local') await session.nextAnswer();
  }
}

async function log(job: Job, level: 'info' | 'warn' | 'error', message: string): Promise<void> {
  job.deps.logbook.record(level === 'error' ? 'error' : 'info', message);
  await job.session.emit({ type: 'log', level, message: message.slice(0, LOG_MESSAGE_LENGTH) });
}
