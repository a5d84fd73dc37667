import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readJournalLine } from '../../src/contract/journal.ts';
import { BenchBox, fillDisk, hashFile, JOB, MIB } from './bench-box.ts';
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
