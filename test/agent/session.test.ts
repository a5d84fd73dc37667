import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readJournalLine } from '../../src/contract/journal.ts';
import { planDigest } from '../../src/contract/plan.ts';
import type { Directive } from '../../src/contract/report.ts';
import { BenchBox, fillDisk, hashFile, JOB, MIB, plainImage } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';

let box: BenchBox;
let bot: FakeBot;
afterEach(async () => {
  await bot.stop();
  await box.remove();
});

const SIZE = 24 * MIB;
/** A chunk at once and the next one after seconds: time to look at a run in its middle. */
const SLOW = MIB;

const inTheMiddle = (self: FakeBot) =>
  self.all('progress').some(({ disks }) => disks.some(({ doneBytes }) => doneBytes > 0));
const says = (directive: Directive) => () => directive;
const direct = (wanted: Directive['kind']) => says({ kind: wanted } as Directive);

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
  box.reboots = 0;
}

describe('hello', () => {
  it('is repeated until a bot that was away accepts it, and nothing is done before', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    bot = await FakeBot.start(await box.plan('backup'), { away: 503 });
    const run = box.start(bot);
    await bot.until(() => box.console.some((line) => line.includes('503')));
    const before = await box.imagesAndDisks();

    bot.mood.away = null;
    await run.ended;

    expect(Object.keys(before)).toEqual(['sda', 'testbox-backup']);
    expect(bot.ended).toMatchObject({ type: 'done' });
  });

  it('is repeated while the bot says wait or stay', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    bot = await FakeBot.start(await box.plan('backup'), {
      refuse: { directive: 'wait', reason: 'rotation' },
    });
    const run = box.start(bot);
    await bot.until(({ hellos }) => hellos.length >= 2);
    bot.mood.refuse = { directive: 'stay', reason: 'attempts used up' };
    await bot.until(() => box.console.some((line) => line.includes('attempts used up')));

    bot.mood.refuse = null;
    await run.ended;

    expect(bot.ended).toMatchObject({ type: 'done' });
    expect(box.console.some((line) => line.includes('rotation'))).toBe(true);
  });

  it('that is answered with reboot-local sends the box home untouched', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    bot = await FakeBot.start(await box.plan('backup'), {
      refuse: { directive: 'reboot-local', reason: 'cancelled' },
    });

    await box.start(bot).ended;

    expect(box.reboots).toBe(1);
    expect(bot.reports).toEqual([]);
  });
});

describe('a running agent', () => {
  it('speaks from the address of its box', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    box.description = { ...box.description, localAddress: '127.0.0.42' };
    bot = await FakeBot.start(await box.plan('backup'));

    await box.start(bot).ended;

    expect([...bot.peers]).toEqual(['127.0.0.42']);
  });

  it('says hello again at a 401 and goes on with the same run in the new session', async () => {
    await backedUpBox();
    const original = await hashFile(box.diskFile('sda'));
    await fillDisk(box.diskFile('sda'), SIZE, 3);
    bot = await FakeBot.start(await box.plan('restore'));
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);

    bot.mood.rejectOnce = 401;
    await bot.until(({ hellos }) => hellos.length === 2);
    await box.setRate(null);
    await run.ended;

    expect(bot.violations).toEqual([]);
    expect(bot.ended).toMatchObject({ type: 'done' });
    expect(bot.all('dirty')).toHaveLength(1);
    expect(bot.all('phase').filter(({ phase }) => phase === 'imaging')).toHaveLength(1);
    expect(await hashFile(box.diskFile('sda'))).toBe(original);
  });

  it('carries on while the bot is away and then tells all it owes, in order', async () => {
    box = await BenchBox.make([
      { kernelName: 'sda', sizeBytes: SIZE },
      { kernelName: 'sdb', sizeBytes: 8 * MIB },
    ]);
    bot = await FakeBot.start(await box.plan('backup'));
    await box.setRate(SLOW);
    const run = box.start(bot);
    await bot.until(inTheMiddle);
    bot.mood.away = 502;
    await box.setRate(null);
    await bot.until(() => box.console.some((line) => line.includes("'backup' - done")));
    const whileAway = bot.ended;

    bot.mood.away = null;
    await run.ended;

    expect(whileAway).toBeUndefined();
    expect(bot.violations).toEqual([]);
    expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
    expect(bot.all('phase').map(({ phase }) => phase)).toEqual([
      'preflight',
      'imaging',
      'publishing',
      'syncing',
    ]);
    expect(box.console.some((line) => line.includes('does not answer'))).toBe(true);
  });

  it('keeps a signed journal of what it reported', async () => {
    await backedUpBox();
    bot = await FakeBot.start(await box.plan('restore'));
    const tokens = new Map<string, string>();
    bot.onSession = (session, token) => tokens.set(session, token);

    await box.start(bot).ended;

    const text = await readFile(join(box.boxDirectory, 'jobs', `${JOB}.1.jsonl`), 'utf8');
    const mine = text
      .trimEnd()
      .split('\n')
      .map((line) => readJournalLine(line, (session) => tokens.get(session) ?? 'other run'))
      .filter((line) => line !== undefined);
    expect(mine.map(({ report }) => report.body)).toEqual(bot.reports);
  });

  it('does not write a disk before the bot has acknowledged that it is dirty', async () => {
    await backedUpBox();
    await fillDisk(box.diskFile('sda'), SIZE, 4);
    const before = await hashFile(box.diskFile('sda'));
    bot = await FakeBot.start(await box.plan('restore'), { deaf: true });
    const run = box.start(bot);
    await bot.until((self) => self.offered.some(({ type }) => type === 'dirty'));
    const beats = bot.requests;
    await bot.until(({ requests }) => requests > beats + 5);
    const whileDeaf = await hashFile(box.diskFile('sda'));

    bot.mood.deaf = false;
    await run.ended;

    expect(whileDeaf).toBe(before);
    expect(bot.ended).toMatchObject({ type: 'done' });
    expect(await hashFile(box.diskFile('sda'))).not.toBe(before);
  });

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

  it('is heard after done until the bot has removed the boot config', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 4 * MIB }]);
    bot = await FakeBot.start(await box.plan('backup'), { direct: direct('continue') });
    const run = box.start(bot);
    await bot.until((self) => self.ended?.type === 'done');
    const beats = bot.heartbeats;
    await bot.until(({ heartbeats }) => heartbeats > beats + 2);

    bot.mood.direct = direct('reboot-local');
    await run.ended;

    expect(bot.hellos).toHaveLength(1);
    expect(box.reboots).toBe(1);
  });
});

describe('a question', () => {
  it('holds a restore at first contact until people accept the facts', async () => {
    await backedUpBox();
    const original = await hashFile(box.diskFile('sda'));
    await fillDisk(box.diskFile('sda'), SIZE, 7);
    const before = await hashFile(box.diskFile('sda'));
    const plan = await box.plan('restore', { firstContact: true });
    bot = await FakeBot.start(plan, { direct: direct('continue') });
    const run = box.start(bot);
    await bot.until((self) => self.all('held').length > 0);
    const beats = bot.heartbeats;
    await bot.until(({ heartbeats }) => heartbeats > beats + 2);
    const whileHeld = await hashFile(box.diskFile('sda'));
    const [held] = bot.all('held');
    if (held === undefined) throw new Error('expected a question');
    const { question } = held;

    bot.mood.direct = (self) =>
      self.ended?.type === 'done'
        ? { kind: 'reboot-local' }
        : {
            kind: 'proceed',
            question: question.id,
            plan: question.facts,
            digest: planDigest(question.facts),
          };
    await run.ended;

    expect(question).toMatchObject({ kind: 'first-contact', facts: { firstContact: false } });
    expect(whileHeld).toBe(before);
    expect(await hashFile(box.diskFile('sda'))).toBe(original);
    expect(bot.all('held')).toHaveLength(1);
  });

  it('is not asked again after a restart when its id is among the accepted ones', async () => {
    await backedUpBox();
    const plan = await box.plan('restore', {
      testbox: { name: 'bench-1', address: box.description.address, mac: null, uuid: 'a-real-uuid' },
    });
    bot = await FakeBot.start(plan, { direct: direct('continue') });
    const first = box.start(bot);
    await bot.until((self) => self.all('held').length > 0);
    first.end();
    await first.ended;

    bot.mood.accepted = bot.all('held').map(({ question }) => question.id);
    bot.mood.direct = (self) => ({ kind: self.ended?.type === 'done' ? 'reboot-local' : 'continue' });
    await box.start(bot).ended;

    expect(bot.all('held')).toMatchObject([{ question: { kind: 'uuid-changed' } }]);
    expect(bot.ended).toMatchObject({ type: 'done' });
  });

  it('that is cancelled ends the run without a write', async () => {
    await backedUpBox();
    const before = await box.imagesAndDisks();
    bot = await FakeBot.start(await box.plan('restore', { firstContact: true }), {
      direct: direct('continue'),
    });
    const run = box.start(bot);
    await bot.until((self) => self.all('held').length > 0);

    bot.mood.direct = (self) => ({ kind: self.ended === undefined ? 'cancel' : 'reboot-local' });
    await run.ended;

    expect(bot.ended).toMatchObject({ type: 'stopped' });
    expect(await box.imagesAndDisks()).toEqual(before);
  });
});
