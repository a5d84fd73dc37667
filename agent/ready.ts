import type { Clock } from './clock.ts';
import type { Logbook } from './logbook.ts';
import type { Machine } from './machine.ts';
import type { Timing } from './timing.ts';

interface Waiting {
  machine: Machine;
  clock: Clock;
  timing: Timing;
  logbook: Logbook;
  ended: AbortSignal;
}

/**
 * The agent may be faster than the machine: controllers show their disks late, and SSH host
 * keys are made at each boot. Waits for both, but never for long, as a box may have neither.
 */
export async function untilReady(about: Waiting): Promise<void> {
  const { machine, timing } = about;
  await Promise.all([
    until(about, { limitMs: timing.firstDiskMs, what: 'a disk' }, async () =>
      (await machine.listDisks()).some(({ unusable }) => unusable === null),
    ),
    until(
      about,
      { limitMs: timing.hostKeysMs, what: 'the SSH host keys' },
      async () => machine.sshFingerprints === null || (await machine.sshFingerprints()).length > 0,
    ),
  ]);
}

async function until(
  { clock, timing, logbook, ended }: Waiting,
  { limitMs, what }: { limitMs: number; what: string },
  isThere: () => Promise<boolean>,
): Promise<void> {
  const since = clock.elapsed();
  let said = false;
  while (!(await isThere()) && !ended.aborted && clock.elapsed() - since < limitMs) {
    if (!said) logbook.say(`Waiting for ${what}, ${Math.ceil(limitMs / 1000)} s at most.`);
    said = true;
    await clock.sleep(timing.lookAgainMs, ended);
  }
}
