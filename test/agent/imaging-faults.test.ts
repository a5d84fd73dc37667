import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../agent/clock.ts';
import { ImagingControl } from '../../agent/imaging/control.ts';
import { watchWork } from '../../agent/imaging/watch.ts';
import { describedMachine } from '../../agent/machine/described.ts';
import { openDiskFile } from '../../agent/machine/open-files.ts';
import { DEFAULT_TIMING } from '../../agent/timing.ts';
import { BenchBox, fillDisk, MIB } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';

let box: BenchBox | undefined;
afterEach(() => box?.remove());

it('defect 10: a write error found by the last flush fails the restore and says the disk is half-written', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);
  await box.run(await box.plan('backup'));
  await fillDisk(box.diskFile('sda'), 8 * MIB, 44);
  const bot = await FakeBot.start(await box.plan('restore'));
  const file = box.diskFile('sda');
  const orders = box.description.commandLine.replace('action-backup', 'action-restore');
  const description = {
    ...box.description,
    commandLine: orders,
    agent: { botUrl: bot.url, allowJobless: false },
  };
  const machine = {
    ...describedMachine(description, () => undefined),
    openDisk: async () => ({
      ...(await openDiskFile(file, { access: 'write', exclusive: false })),
      sync: () => Promise.reject(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })),
    }),
  };

  await box.start(bot, { machine }).ended;
  await bot.stop();

  expect(bot.ended).toMatchObject({ type: 'failed', class: 'box', code: 'disk-failed' });
  expect(bot.ended).toMatchObject({ message: expect.stringContaining('sda is half-written') });
  expect(bot.dirty).toEqual(['sda']);
});

it('a look that fails stops the work, and its error is the one that is thrown', async () => {
  const control = new ImagingControl();
  const full = new Error('the share is full');
  const watch = {
    control,
    clock: systemClock,
    timing: { ...DEFAULT_TIMING, throttleMs: 1, progressMs: 0 },
    stop: new AbortController().signal,
    rateLimit: async () => null,
    look: () => {
      throw full;
    },
  };
  const untilStopped = async () => {
    while (!control.stopped) await new Promise((resolve) => setImmediate(resolve));
  };

  await expect(watchWork(watch, untilStopped)).rejects.toBe(full);
});
