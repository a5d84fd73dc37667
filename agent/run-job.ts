import { type PlanFacts, planDigest } from '../src/contract/plan.ts';
import { acceptedBefore } from './accepted-before.ts';
import type { ActionContext, ActionResult } from './actions/action.ts';
import { PROGRAMS } from './actions/programs.ts';
import { type Next, reportEnd, untilNext } from './after-run.ts';
import { attachShare } from './attach-share.ts';
import { decideAndRun } from './decide-and-run.ts';
import { shareFiles } from './durable.ts';
import { describeError, Failure } from './failure.ts';
import { type WorkerPool, withPool } from './imaging/worker-pool.ts';
import { type Job, LOG_MESSAGE_LENGTH, log } from './job.ts';
import { forgetHalfWritten, leftHalfWritten } from './jobless/state.ts';
import { dirtyByJournal } from './journal.ts';
import { howToLogIn } from './log-in.ts';
import type { Machine } from './machine.ts';
import type { JobOrders } from './maintain.ts';
import type { Asked } from './questions.ts';
import type { Session } from './session.ts';

/** Carries out the job of an accepted hello, reports how it ended, and waits for what is next. */
export async function runJob(job: Job): Promise<Next> {
  const started = job.deps.clock.elapsed();
  let ended: 'done' | 'not-done';
  try {
    const { workerEntry, workers } = job.deps;
    const result = await withPool({ entry: workerEntry, ...workers }, (pool) => carryOut(job, pool));
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
  requireOwnAddress(machine, accepted.plan);
  requireSamePlan(orders, accepted.plan, accepted.digest);
  await tellRemarks(job);
  if (orders.action === 'rescue') return await rescue(job);
  const boxDirectory = await attach(job, deps.timing.shareMs);
  const which = { boxDirectory, job: orders.job, attempt: accepted.attempt };
  const dirtyBefore = await dirtyByJournal(which);
  await session.keepJournal(boxDirectory);
  const context: ActionContext = {
    ...which,
    machine: { ...machine, rateLimit: () => lowerOf(machine, session) },
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

/** What the machine allows, and what the bot does. */
async function lowerOf(machine: Machine, { rate }: Session): Promise<number | null> {
  const own = await machine.rateLimit();
  return own === null || rate === null ? (own ?? rate) : Math.min(own, rate);
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
    // Who wants to look into the box is not kept waiting for a server that may be the trouble.
    await attach(job, 0);
  } catch (error) {
    await log(job, 'warn', `No log on the share: ${describeError(error)}`);
  }
  await job.session.emit({ type: 'phase', phase: 'preflight' });
  const how = await howToLogIn(job.deps.machine);
  try {
    await job.deps.machine.admitLogIns?.();
  } catch (error) {
    await log(job, 'warn', `The SSH server does not start: ${describeError(error)}`);
  }
  await log(job, 'info', `Executing 'rescue'. The box is there to be logged in to: ${how}.`);
  return { generation: null, disks: [] };
}

async function attach(job: Job, patienceMs: number): Promise<string> {
  const { machine, logbook, clock, timing } = job.deps;
  const { boxDirectory } = await attachShare({
    machine,
    clock,
    timing,
    prefer: 'own',
    patienceMs,
    stop: job.session.stop,
    tell: (level, message) => log(job, level, message),
  });
  logbook.attach({ boxDirectory, address: machine.address, hostname: await machine.hostname() });
  return boxDirectory;
}

/** What came up before the session, and what the firmware is set to. */
async function tellRemarks(job: Job): Promise<void> {
  for (const { level, message } of job.remarks.splice(0)) {
    await job.session.emit({ type: 'log', level, message: message.slice(0, LOG_MESSAGE_LENGTH) });
  }
  for (const { level, message } of await job.bootOrder.look()) await log(job, level, message);
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

/** A job is for the box that the inventory means. @throws Failure wrong-address */
function requireOwnAddress({ address, macs }: Machine, { testbox }: PlanFacts): void {
  if (testbox.address === address) return;
  throw new Failure({
    class: 'operator',
    code: 'wrong-address',
    message:
      `this machine is ${address}, and the job is for ${testbox.name} at ${testbox.address}: nothing was touched. ` +
      `If it is the same machine, DHCP gave it another address than the inventory says; correct one of them (its network cards: ${macs.join(', ') || 'unknown'})`,
  });
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
