import { openBoxDirectory } from './box-directory.ts';
import type { Clock } from './clock.ts';
import { Failure } from './failure.ts';
import type { BackupShare, Machine, Remark } from './machine.ts';
import type { Timing } from './timing.ts';

export interface AttachedShare {
  share: BackupShare;
  boxDirectory: string;
}

/**
 * The box's directory on the backup share. A server that doesn't answer is waited for, and
 * that it is waited for is told.
 *
 * @param about.patienceMs how long a silent server is waited for
 * @throws Failure of class storage, or the stop signal's reason
 */
export async function attachShare(about: {
  machine: Machine;
  clock: Clock;
  timing: Timing;
  prefer: BackupShare['kind'];
  patienceMs: number;
  stop: AbortSignal;
  tell: (level: Remark['level'], message: string) => Promise<void>;
}): Promise<AttachedShare> {
  const { machine, clock, timing, stop } = about;
  const since = clock.elapsed();
  let told = '';
  for (;;) {
    stop.throwIfAborted();
    try {
      const share = await machine.mountBackupShare(about.prefer);
      const boxDirectory = await openBoxDirectory({
        share,
        address: machine.address,
        hostname: await machine.hostname(),
      });
      if (told !== '') await about.tell('info', 'The backup share is there.');
      return { share, boxDirectory };
    } catch (error) {
      const again = error instanceof Failure && error.code === 'share-away';
      if (!again || clock.elapsed() - since >= about.patienceMs) throw error;
      const message = `The backup share is not there yet: ${error.message}; trying again.`;
      if (message !== told) await about.tell('warn', message);
      told = message;
      await clock.sleep(timing.shareAgainMs, stop);
    }
  }
}
