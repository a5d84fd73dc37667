import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BenchBox, fillDisk, hashFile, MIB, plainImage } from './bench-box.ts';
import { direct, FakeBot, inTheMiddle } from './fake-bot.ts';

let box: BenchBox;
let bot: FakeBot;
afterEach(async () => {
  await bot.stop();
  await box.remove();
});

const SIZE = 24 * MIB;
/** A chunk at once and the next one after seconds: time to look at a run in its middle. */
const SLOW = MIB;

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
  box.reboots = 0;
}

describe('an agent that is to stop', () => {
  it('stops a restore at a cancel, leaves the disk dirty, and runs anew at a retry', async () => {
    await backedUpBox();
    const original = await hashFile(box.diskFile('sda'));
    await fillDisk(box.diskFile('sda'), SIZE, 5);
    bot = await FakeBot.start(await box.plan('restore'), { direct: direct('continue') });
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);

    bot.mood.direct = direct('cancel');
    await bot.until((self) => self.ended?.type === 'stopped');
    const dirtyAtStop = bot.dirty;
    bot.mood.direct = direct('stay');
    const beats = bot.heartbeats;
    await bot.until(({ heartbeats }) => heartbeats > beats + 2);
    await box.setRate(null);
    bot.mood.direct = (self) => ({ kind: self.ended?.type === 'done' ? 'reboot-local' : 'continue' });
    await run.ended;

    expect(dirtyAtStop).toEqual(['sda']);
    expect(bot.hellos).toHaveLength(2);
    expect(bot.dirty).toEqual([]);
    expect(await hashFile(box.diskFile('sda'))).toBe(original);
    expect(box.reboots).toBe(1);
  });

  it('says clean and untouched when it is stopped before the first write', async () => {
    await backedUpBox();
    bot = await FakeBot.start(await box.plan('restore'), { direct: direct('continue') });
    await box.setRate(0);
    const run = box.start(bot);
    await bot.until((self) => self.all('phase').some(({ phase }) => phase === 'imaging'));

    bot.mood.direct = (self) => ({ kind: self.ended === undefined ? 'cancel' : 'reboot-local' });
    await run.ended;

    expect(bot.all('clean')).toEqual([{ type: 'clean', slot: 'sda', because: 'untouched' }]);
    expect(bot.ended).toMatchObject({ type: 'stopped' });
  });

  it('does not call a disk untouched that an earlier attempt left half-written', async () => {
    await backedUpBox();
    await fillDisk(box.diskFile('sda'), SIZE, 8);
    bot = await FakeBot.start(await box.plan('restore'), { direct: direct('continue') });
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);
    bot.mood.direct = direct('cancel');
    await bot.until((self) => self.ended?.type === 'stopped');
    await box.setRate(0);
    bot.mood.attempt = 2;
    bot.mood.direct = direct('continue');
    await bot.until((self) => self.all('phase').filter(({ phase }) => phase === 'imaging').length === 2);

    bot.mood.direct = (self) => ({ kind: self.all('stopped').length < 2 ? 'cancel' : 'reboot-local' });
    await run.ended;

    expect(bot.all('clean')).toEqual([]);
    expect(bot.dirty).toEqual(['sda']);
  });

  it('stops the restore of an image of the original in its middle', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await box.run(await box.plan('rescue'));
    const file = box.diskFile('sda');
    const original = execFileSync('gzip', ['-c', file], { maxBuffer: 64 * MIB });
    await writeFile(join(box.boxDirectory, 'sda.gz'), original);
    const image = await plainImage(box.boxDirectory, 'sda.gz');
    await fillDisk(file, SIZE, 9);
    const plan = await box.plan('restore');
    const disks = plan.disks.map((disk) => ({ ...disk, image }));
    bot = await FakeBot.start({ ...plan, disks }, { direct: direct('continue') });
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);

    bot.mood.direct = (self) => ({ kind: self.ended === undefined ? 'cancel' : 'reboot-local' });
    await run.ended;

    expect(bot.ended).toMatchObject({ type: 'stopped' });
    expect(bot.dirty).toEqual(['sda']);
  });

  it('abandons a backup at a cancel and leaves no trace of it', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    bot = await FakeBot.start(await box.plan('backup'), { direct: direct('continue') });
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);

    bot.mood.direct = (self) => ({ kind: self.ended === undefined ? 'cancel' : 'reboot-local' });
    await run.ended;

    expect(bot.ended).toMatchObject({ type: 'stopped' });
    expect(Object.keys(await box.imagesAndDisks()).filter((name) => name.includes('raw.gz'))).toEqual([]);
  });

  it('stops at a 410, and does not boot a half-written disk at a refused hello', async () => {
    await backedUpBox();
    await fillDisk(box.diskFile('sda'), SIZE, 6);
    bot = await FakeBot.start(await box.plan('restore'), { direct: direct('continue') });
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);

    bot.mood.refuse = { directive: 'reboot-local', reason: 'job is over' };
    bot.mood.rejectOnce = 410;
    await bot.until(() => box.console.some((line) => line.includes('half-written: the box stays')));
    run.end();
    await run.ended;

    expect(box.reboots).toBe(0);
    expect(bot.ended).toBeUndefined();
  });
});
