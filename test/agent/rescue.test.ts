import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, MIB } from './bench-box.ts';
import { direct, FakeBot } from './fake-bot.ts';

let box: BenchBox;
let bot: FakeBot;
afterEach(async () => {
  await bot.stop();
  await box.remove();
});

it('stays, heard and untouched, until the bot sends the box home', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);
  const before = await box.imagesAndDisks();
  bot = await FakeBot.start(await box.plan('rescue', { disks: [] }), { direct: direct('stay') });
  const run = box.start(bot);
  await bot.until((self) => self.ended !== undefined);
  const beats = bot.heartbeats;
  await bot.until(({ heartbeats }) => heartbeats > beats + 2);
  const rebootsMeanwhile = box.reboots;

  bot.mood.direct = direct('reboot-local');
  await run.ended;

  expect(bot.all('phase')).toEqual([{ type: 'phase', phase: 'preflight' }]);
  expect(bot.ended).toMatchObject({ type: 'done', generation: null, disks: [] });
  expect(rebootsMeanwhile).toBe(0);
  expect(box.reboots).toBe(1);
  expect(await box.imagesAndDisks()).toMatchObject(before);
});

it('works on a box whose share is away', async () => {
  box = await BenchBox.make([]);
  await rm(join(box.share, 'testbox-backup'));

  bot = await box.run(await box.plan('rescue'));

  expect(bot.ended).toMatchObject({ type: 'done' });
  expect(bot.all('log')).toMatchObject([{ level: 'warn' }, { level: 'info' }]);
});

it('says how to log in once people can', async () => {
  box = await BenchBox.make([]);
  const seen: unknown[] = [];
  box.machine = {
    async admitLogIns() {
      await bot.until((self) => self.all('phase').length > 0);
      seen.push(bot.ended);
    },
  };
  bot = await FakeBot.start(await box.plan('rescue'));

  await box.start(bot).ended;

  expect(seen).toEqual([undefined]);
  expect(bot.ended).toMatchObject({ type: 'done' });
});

it('says that nobody can log in when the SSH server does not start', async () => {
  box = await BenchBox.make([]);
  box.machine = {
    async admitLogIns() {
      throw new Error('Unit ssh.service not found.');
    },
  };

  bot = await box.run(await box.plan('rescue'));

  expect(bot.all('log')).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: 'The SSH server does not start: Unit ssh.service not found.',
    }),
  );
  expect(bot.ended).toMatchObject({ type: 'done' });
});
