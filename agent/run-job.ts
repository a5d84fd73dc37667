import { type PlanFacts, planDigest } from '../src/contract/plan.ts';
import type { HelloAccepted } from '../src/contract/report.ts';
import type { ActionContext, ActionProgram, ActionResult } from './actions/action.ts';
import { PROGRAMS } from './actions/programs.ts';
import { openBoxDirectory } from './box-directory.ts';
import { shareFiles } from './durable.ts';
import { asFailure, Failure } from './failure.ts';
import { WorkerPool } from './imaging/worker-pool.ts';
import { dirtyByJournal } from './journal.ts';
import type { JobOrders, MaintainDeps } from './maintain.ts';
import { preflight } from './preflight.ts';
import type { Accepted } from './questions.ts';
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
  await using pool = disposable(new WorkerPool({ entry: job.deps.workerEntry, size: job.deps.workers }));
  let ended: 'done' | 'not-done';
  try {
    const result = await carryOut(job, pool);
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
  const boxDirectory = await openBoxDirectory(machine);
  deps.logbook.attach({ boxDirectory, address: machine.address, hostname: machine.hostname });
  const which = { boxDirectory, job: orders.job, attempt: accepted.attempt };
  const dirtyBefore = await dirtyByJournal(which);
  await session.keepJournal(boxDirectory);
  const program = PROGRAMS[orders.action];
  if (program === undefined) {
    throw new Failure({
      class: 'operator',
      code: 'not-yet',
      message: `this agent can't do "${orders.action}" yet`,
    });
  }
  const context: ActionContext = {
    ...which,
    machine,
    clock: deps.clock,
    timing: deps.timing,
    plan: accepted.plan,
    settings: accepted.settings,
    files: shareFiles,
    report: session,
    pool,
    keepFreeBytes: deps.keepFreeBytes,
    dirtyBefore,
    log: (level, message) => log(job, level, message),
  };
  await context.log('info', `Executing '${orders.action}'.`);
  await session.emit({ type: 'phase', phase: 'preflight' });
  const result = await decideAndRun(job, context, program);
  await session.emit({ type: 'phase', phase: 'syncing' });
  await context.log('info', `'${orders.action}' - done`);
  await deps.logbook.written();
  return result;
}

/** Asks people as often as the machine differs from the plan, then acts. */
async function decideAndRun(job: Job, context: ActionContext, program: ActionProgram): Promise<ActionResult> {
  const { session, orders } = job;
  const accepted: Accepted = { questions: new Set(job.accepted.accepted), doubts: new Set() };
  let plan = context.plan;
  for (;;) {
    session.stop.throwIfAborted();
    const outcome = await preflight({ ...context, plan }, program, accepted);
    if (outcome.kind === 'go') return await program.run({ ...context, plan }, outcome.targets);
    const { question, settles } = outcome.asked;
    job.deps.logbook.record(
      'info',
      `Held: ${question.text} Before: ${question.before}. Now: ${question.now}.`,
    );
    await session.emit({ type: 'held', question });
    plan = await untilAccepted(session, orders, question.id);
    accepted.questions.add(question.id);
    for (const doubt of settles) accepted.doubts.add(doubt);
  }
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

function disposable(pool: WorkerPool): WorkerPool & AsyncDisposable {
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.close() });
}
