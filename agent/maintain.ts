import { assertNever } from '../src/contract/assert-never.ts';
import type { Orders } from '../src/contract/command-line.ts';
import type { DiskSlot } from '../src/contract/disk.ts';
import type { Hello, HelloAccepted } from '../src/contract/report.ts';
import { BootOrderWatch } from './boot-order-watch.ts';
import { BotClient } from './bot-client.ts';
import { followBotTime } from './bot-time.ts';
import type { Clock } from './clock.ts';
import { greet } from './greeting.ts';
import type { PoolSize } from './imaging/worker-pool.ts';
import { howToLogIn } from './log-in.ts';
import type { Logbook } from './logbook.ts';
import type { Machine, Remark } from './machine.ts';
import { untilReady } from './ready.ts';
import { Session, type SessionDeps } from './session.ts';
import type { Timing } from './timing.ts';

export interface MaintainDeps {
  machine: Machine;
  clock: Clock;
  timing: Timing;
  logbook: Logbook;
  agentVersion: string;
  /** The module that worker threads run. */
  workerEntry: URL;
  workers: PoolSize;
  /** Bytes that stay free on the share. */
  keepFreeBytes: number;
  /** Ends the agent as a service manager would. */
  ended: AbortSignal;
}

/** As many as a hello may have. */
const MAX_FINGERPRINTS = 8;

export type JobOrders = Extract<Orders, { kind: 'job' }>;

/**
 * The whole cycle of a boot into the maintenance system: orders, hello, action, and home.
 * Returns after the reboot was asked for or the agent was ended; otherwise never.
 */
export async function maintain(deps: MaintainDeps): Promise<void> {
  const { machine, logbook } = deps;
  const { orders, agentConfig } = machine;
  switch (orders.kind) {
    case 'none':
      return await stay(deps, `No orders: ${orders.why}.`);
    case 'jobless':
      if (!agentConfig.allowJobless) {
        return await stay(deps, `'${orders.action}' without a job is refused: agent.json does not allow it.`);
      }
      return await serveNobody(deps, orders);
    case 'job':
      if (agentConfig.botUrl === null) {
        return await stay(deps, `Job ${orders.job} needs a bot, and agent.json names none.`);
      }
      logbook.say(`Job ${orders.job}: '${orders.action}' on ${machine.address}.`);
      return await serveBot(deps, orders, agentConfig.botUrl);
    default:
      return assertNever(orders);
  }
}

/** The seed's way, without a bot. */
async function serveNobody(deps: MaintainDeps, orders: Extract<Orders, { kind: 'jobless' }>): Promise<void> {
  await untilReady(deps);
  const bootOrder = new BootOrderWatch(deps.machine);
  sayAll(deps, await bootOrder.look());
  const { runJobless } = await import('./jobless/run-jobless.ts');
  const end = await runJobless(deps, orders);
  if (end.kind === 'reboot') return await goHome(deps, bootOrder);
  if (end.kind === 'stay') await stay(deps, end.why);
}

async function serveBot(deps: MaintainDeps, orders: JobOrders, botUrl: string): Promise<void> {
  const { machine, timing } = deps;
  const client = new BotClient({ botUrl, localAddress: machine.localAddress, timeoutMs: timing.requestMs });
  const bootOrder = new BootOrderWatch(machine);
  const remarks: Remark[] = [];
  const sessionDeps: SessionDeps = {
    job: orders.job,
    client,
    clock: deps.clock,
    timing,
    logbook: deps.logbook,
    hello: () => makeHello(deps, orders),
    address: machine.address,
    howToLogIn: () => howToLogIn(machine),
    async onBotTime(botTime) {
      const remark = await followBotTime(deps, botTime);
      if (remark === null || remarks.length > 0) return;
      sayAll(deps, [remark]);
      remarks.push(remark);
    },
    dirty: new Set<DiskSlot>(),
    ended: deps.ended,
  };
  try {
    await untilReady(deps);
    for (;;) {
      const greeting = await greet(sessionDeps);
      if (greeting.kind === 'ended') return;
      const next =
        greeting.kind === 'reboot-local' ? 'reboot' : await attempt(sessionDeps, greeting.accepted);
      if (next === 'end') return;
      if (next === 'reboot') return await goHome(deps, bootOrder);
    }
  } finally {
    client.close();
  }

  async function attempt(about: SessionDeps, accepted: HelloAccepted) {
    const session = new Session(about, accepted);
    session.start();
    try {
      // Loaded when it is needed: until the hello, a slow machine's seconds are counted.
      const { runJob } = await import('./run-job.ts');
      return await runJob({ deps, orders, session, accepted, bootOrder, remarks });
    } finally {
      await session.close();
    }
  }
}

async function makeHello(deps: MaintainDeps, orders: JobOrders): Promise<Hello> {
  const { machine } = deps;
  const sshFingerprints = (await machine.sshFingerprints?.())?.slice(0, MAX_FINGERPRINTS) ?? [];
  return {
    protocol: 1,
    job: orders.job,
    nonce: orders.nonce,
    bootId: machine.bootId,
    uuid: machine.uuid,
    macs: [...machine.macs],
    disks: await machine.listDisks(),
    agentVersion: deps.agentVersion,
    ...(sshFingerprints.length === 0 ? {} : { sshFingerprints }),
  };
}

/** Boots again, whatever hangs, into what the firmware is left to boot. */
async function goHome(deps: MaintainDeps, bootOrder: BootOrderWatch): Promise<void> {
  sayAll(deps, await bootOrder.look());
  deps.logbook.say('Rebooting.');
  await deps.logbook.writtenWithin(deps.timing.lastWordsMs);
  await deps.machine.reboot();
}

function sayAll({ logbook }: MaintainDeps, remarks: readonly Remark[]): void {
  for (const { level, message } of remarks) logbook.say(`${level}: ${message}`);
}

/** Nothing to do: the box stays reachable, and the console says why it does not go on. */
async function stay(deps: MaintainDeps, why: string): Promise<void> {
  deps.logbook.say(`${why} The box stays in the maintenance system: ${await howToLogIn(deps.machine)}.`);
  while (!deps.ended.aborted) await deps.clock.sleep(60_000, deps.ended);
}
