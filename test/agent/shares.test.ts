import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../agent/failure.ts';
import type { BackupShare } from '../../agent/machine.ts';
import { BenchBox, MIB } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';
import { JoblessBox } from './jobless-box.ts';

const AWAY = new Failure({
  class: 'storage',
  code: 'share-away',
  message: 'the storage server does not answer',
});
const NOT_EXPORTED = new Failure({
  class: 'storage',
  code: 'share-not-exported',
  message: 'not to this box',
});

/** Fails as often as there are failures, then gives the share. */
function mounting(box: BenchBox, failures: Failure[], kind: BackupShare['kind'] = 'whole') {
  const left = [...failures];
  return async (): Promise<BackupShare> => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return { kind, root: box.share };
  };
}

describe('a job whose share is not there', () => {
  let box: BenchBox;
  let bot: FakeBot;
  beforeEach(async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
  });
  afterEach(() => box.remove());

  it('waits for a server that is away, and the bot hears of it', async () => {
    box.machine = { mountBackupShare: mounting(box, [AWAY, AWAY]) };

    bot = await box.run(await box.plan('backup'));

    expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
    expect(bot.all('log').slice(0, 2)).toEqual([
      {
        type: 'log',
        level: 'warn',
        message: `The backup share is not there yet: ${AWAY.message}; trying again.`,
      },
      { type: 'log', level: 'info', message: 'The backup share is there.' },
    ]);
  });

  it('defect 9: fails before any mount, and the bot hears why', async () => {
    box.machine = { mountBackupShare: () => Promise.reject(AWAY) };

    bot = await box.run(await box.plan('backup'));

    expect(bot.ended).toMatchObject({ type: 'failed', class: 'storage', code: 'share-away' });
  });

  it('fails at once where waiting is no use', async () => {
    box.machine = { mountBackupShare: mounting(box, [NOT_EXPORTED]) };

    bot = await box.run(await box.plan('backup'));

    expect(bot.ended).toMatchObject({ type: 'failed', code: 'share-not-exported' });
  });

  it('stops waiting when the job is cancelled', async () => {
    box.machine = { mountBackupShare: () => Promise.reject(AWAY) };
    bot = await FakeBot.start(await box.plan('backup'), {
      direct: (self) => ({ kind: self.ended === undefined ? 'cancel' : 'reboot-local' }),
    });

    await box.start(bot).ended;
    await bot.stop();

    expect(bot.ended).toEqual({ type: 'stopped' });
  });

  it('lets people look into the box at a rescue without waiting', async () => {
    let tries = 0;
    box.machine = {
      mountBackupShare: () => {
        tries += 1;
        return Promise.reject(AWAY);
      },
    };

    bot = await box.run(await box.plan('rescue', { disks: [] }));

    expect(bot.ended).toMatchObject({ type: 'done' });
    expect(tries).toBe(1);
  });

  it('works in the own directory alone, where the server exports no more', async () => {
    bot = await box.run(await box.plan('backup'));
    await rm(join(box.share, 'testbox-backup'));
    box.machine = { mountBackupShare: mounting(box, [], 'own') };

    bot = await box.run(await box.plan('backup-again'));

    expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
  });
});

describe('a boot config without a job', () => {
  let box: JoblessBox;
  beforeEach(async () => {
    box = await JoblessBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
  });
  afterEach(() => box.bench.remove());

  it('mounts the backup share, then the TFTP area, and both again until they are there', async () => {
    const order: string[] = [];
    let tftpFailures = 1;
    box.bench.machine = {
      async mountBackupShare(prefer) {
        order.push(`backup, ${prefer} first`);
        return { kind: 'whole', root: box.bench.share };
      },
      async mountTftpArea() {
        order.push('tftp');
        if (tftpFailures-- > 0) throw AWAY;
      },
    };
    await box.arm('backup');

    expect(await box.boot('backup')).toBe('rebooted');

    expect(order).toEqual(['backup, whole first', 'tftp', 'backup, whole first', 'tftp']);
    expect(box.waits).toEqual([300_000]);
    expect((await box.globalLog())[0]).toBe('10.40.41.42: bench-1 says hi.');
  });

  it('says that the log of all boxes is not written where only the own directory is exported', async () => {
    await box.arm('refresh-info');
    await box.boot('refresh-info');
    await rm(join(box.bench.share, 'maintenance.log'));
    box.bench.machine = { mountBackupShare: mounting(box.bench, [], 'own') };
    await box.arm('backup');

    expect(await box.boot('backup')).toBe('rebooted');

    await expect(access(join(box.bench.share, 'maintenance.log'))).rejects.toThrow();
    expect(box.bench.console.join('\n')).toContain("only this box's directory is exported");
    expect(await box.boxLog()).toContain("10.40.41.42: info: 'backup' - done");
  });
});

it('nothing that a job does mounts the TFTP area', async () => {
  const box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
  box.machine = { mountTftpArea: () => Promise.reject(new Error('must not be mounted')) };

  const bot = await box.run(await box.plan('backup'));

  expect(bot.ended).toMatchObject({ type: 'done' });
  expect(await readFile(join(box.boxDirectory, 'maintenance.log'), 'utf8')).not.toContain('must not');
  await box.remove();
});
