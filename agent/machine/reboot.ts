import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Outcome, runProgram, saidBy } from './run-program.ts';

export interface RebootPlaces {
  proc: string;
  /** As in PATH. */
  path: string;
  /** Mounts that a dead server could keep the shutdown waiting at. */
  shares: readonly string[];
}

export interface RebootTimes {
  /** Flushing, and each attempt to unmount. */
  flushMs: number;
  /** Until a program has taken the order. */
  orderMs: number;
  /** From the order until this process is killed by it. */
  killedMs: number;
}

export const REBOOT_TIMES: RebootTimes = { flushMs: 30_000, orderMs: 20_000, killedMs: 90_000 };

/**
 * Boots again: orderly by the service manager; where that doesn't come to it, at once; and as
 * the last resort by the kernel alone. Uses no more than child processes and reads that can't
 * hang, for a dead share may hold every other way of reading files.
 *
 * @throws when the machine still runs after all
 */
export async function rebootLinux(places: RebootPlaces, times: RebootTimes = REBOOT_TIMES): Promise<void> {
  const run = (program: string, args: readonly string[], deadlineMs: number) =>
    runProgram(program, args, { deadlineMs, path: places.path });
  await run('sync', [], times.flushMs);
  for (const share of mountedBelow(places)) {
    const unmounted = await run('umount', [share], times.flushMs);
    // Lazily: the name goes at once, and the shutdown has nothing left to wait for.
    if (!succeeded(unmounted)) await run('umount', ['-l', '-c', share], times.flushMs);
  }
  const said: string[] = [];
  // Twice forced it asks nobody; without a flush, which would hang at a dead share.
  for (const [program, ...args] of [
    ['systemctl', 'reboot'],
    ['reboot', '-f', '-f', '-n'],
  ] as const) {
    const order = await run(program, args, times.orderMs);
    if (succeeded(order)) await delay(times.killedMs);
    said.push(succeeded(order) ? `${program} changed nothing` : saidBy(order, program));
  }
  try {
    writeFileSync(join(places.proc, 'sysrq-trigger'), 'b');
    await delay(times.killedMs);
  } catch (error) {
    said.push(error instanceof Error ? error.message : String(error));
  }
  throw new Error(`this machine does not boot again: ${said.join('; ')}`);
}

/** What is mounted at or below the shares' places, innermost first. */
function mountedBelow({ proc, shares }: RebootPlaces): string[] {
  const mounts = readFileSync(join(proc, 'self/mountinfo'), 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  return mounts
    .filter((mount) => shares.some((share) => mount === share || mount.startsWith(`${share}/`)))
    .reverse();
}

function succeeded(outcome: Outcome): boolean {
  return outcome.kind === 'ended' && outcome.status === 0;
}
