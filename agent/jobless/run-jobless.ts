import type { Orders } from '../../src/contract/command-line.ts';
import { type AttachedShare, attachShare } from '../attach-share.ts';
import { shareFiles } from '../durable.ts';
import { asFailure, describeError } from '../failure.ts';
import { readCurrent } from '../generations.ts';
import type { MaintainDeps } from '../maintain.ts';
import { actWithoutJob } from './act.ts';
import { JoblessLogs } from './logs.ts';
import { originalStatus } from './original-status.ts';
import {
  type OwnBootConfig,
  readOwnBootConfig,
  removeOwnBootConfig,
  requireOrders,
} from './own-boot-config.ts';
import { type JoblessState, readJoblessState, saveJoblessState } from './state.ts';

/** The original waits that long after every error before it reboots. */
const AFTER_ERROR_MS = 5 * 60_000;
const MAX_ATTEMPTS = 3;
/** Stands for a boot config that isn't there. */
const NO_CONFIG = '0'.repeat(64);

type JoblessOrders = Extract<Orders, { kind: 'jobless' }>;

/** What comes after: the reboot, or the box stays for this reason. */
export type JoblessEnd = { kind: 'reboot' } | { kind: 'stay'; why: string } | { kind: 'ended' };

interface Mounted extends Pick<AttachedShare, 'boxDirectory'> {
  own: OwnBootConfig | null;
  logs: JoblessLogs;
}

/**
 * The seed's way: acts on a boot config without a job, by the box's own plan, and removes
 * the boot config when all is done. Errors are logged, waited out and tried again by a
 * reboot, three times in all; a box with a half-written disk never boots it.
 */
export async function runJobless(deps: MaintainDeps, { action }: JoblessOrders): Promise<JoblessEnd> {
  const mounted = await untilMounted(deps);
  if (mounted === null) return { kind: 'ended' };
  const { logs } = mounted;
  if (action === 'rescue') {
    await logs.tell('info', `Executing 'rescue'.`);
    return { kind: 'stay', why: 'Rescue: the box is there to be logged in to.' };
  }
  const state = await stateFor(mounted);
  if (!state.finished) {
    if (state.attempts >= MAX_ATTEMPTS) return await giveUp(logs, state);
    state.attempts += 1;
    await saveJoblessState(mounted.boxDirectory, shareFiles, state);
    try {
      await logs.tell('info', `Executing '${action}'.`);
      const own = requireOrders(mounted.own, deps.machine, action);
      await actWithoutJob({ deps, action, boxDirectory: mounted.boxDirectory, own, state, logs });
      state.finished = true;
      await saveJoblessState(mounted.boxDirectory, shareFiles, state);
    } catch (error) {
      if (deps.ended.aborted) return { kind: 'ended' };
      const failure = asFailure(error);
      const status = originalStatus(failure, action);
      await logs.tell('error', `${failure.message}${status === null ? '' : ` (exit ${status})`}`);
      return await afterError(deps, mounted, state);
    }
    await logs.tell('info', `'${action}' - done`);
  }
  return await disarm(deps, mounted);
}

/** Without the share nothing can be counted, so the box waits where it is instead of rebooting. */
async function untilMounted(deps: MaintainDeps): Promise<Mounted | null> {
  const { machine, logbook, clock, timing } = deps;
  const logs = new JoblessLogs(deps);
  let begun = false;
  while (!deps.ended.aborted) {
    try {
      const attached = await attachShare({
        machine,
        clock,
        timing,
        // Without a bot, the log of all boxes is theirs to write.
        prefer: 'whole',
        patienceMs: timing.shareMs,
        stop: deps.ended,
        tell: async (level, message) => logs.note(level, message),
      });
      if (!begun) await logs.begin(attached);
      begun = true;
      await machine.mountTftpArea();
      return { boxDirectory: attached.boxDirectory, own: await readOwnBootConfig(machine), logs };
    } catch (error) {
      if (deps.ended.aborted) return null;
      logbook.record('error', `${describeError(error)}; looking again in five minutes`);
      await deps.clock.sleep(AFTER_ERROR_MS, deps.ended);
    }
  }
  return null;
}

/** The state of this boot config; what is half-written stays so whatever boot config comes. */
async function stateFor({ boxDirectory, own }: Mounted): Promise<JoblessState> {
  const bootConfig = own?.key ?? NO_CONFIG;
  const before = await readJoblessState(boxDirectory);
  if (before?.bootConfig === bootConfig) return before;
  const current = await readCurrent(boxDirectory);
  return {
    version: 1,
    bootConfig,
    attempts: 0,
    currentGeneration: current?.generation ?? null,
    finished: false,
    dirty: before?.dirty ?? [],
  };
}

async function afterError(
  deps: MaintainDeps,
  { own, logs }: Mounted,
  state: JoblessState,
): Promise<JoblessEnd> {
  if (state.attempts >= MAX_ATTEMPTS) return await giveUp(logs, state);
  await deps.clock.sleep(AFTER_ERROR_MS, deps.ended);
  if (deps.ended.aborted) return { kind: 'ended' };
  const armed = await readOwnBootConfig(deps.machine).catch(() => null);
  if (state.dirty.length > 0 && (own === null || armed?.text !== own.text)) {
    return { kind: 'stay', why: `${state.dirty.join(', ')} is half-written and the boot config is gone.` };
  }
  await logs.tell('info', 'rebooting');
  return { kind: 'reboot' };
}

async function giveUp(logs: JoblessLogs, { dirty }: JoblessState): Promise<JoblessEnd> {
  const disks = dirty.length === 0 ? '' : ` ${dirty.join(', ')} is half-written.`;
  const why = `${MAX_ATTEMPTS} attempts failed.${disks} Write the boot config again for another three.`;
  await logs.tell('error', why);
  return { kind: 'stay', why };
}

/** The box never reboots into a boot config whose work is done. */
async function disarm(deps: MaintainDeps, { own, logs }: Mounted): Promise<JoblessEnd> {
  while (own !== null && !deps.ended.aborted) {
    try {
      const removed = await removeOwnBootConfig(own);
      logs.note('info', removed ? `removed ${own.path}` : `${own.path} was replaced, it stays`);
      break;
    } catch (error) {
      await logs.tell('error', `${own.path} can't be removed: ${describeError(error)} (exit 99)`);
      await deps.clock.sleep(AFTER_ERROR_MS, deps.ended);
    }
  }
  if (deps.ended.aborted) return { kind: 'ended' };
  await logs.tell('info', 'rebooting');
  return { kind: 'reboot' };
}
