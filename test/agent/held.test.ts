import { afterEach, describe, expect, it } from 'vitest';
import { planDigest } from '../../src/contract/plan.ts';
import { BenchBox, fillDisk, hashFile, MIB } from './bench-box.ts';
import { direct, FakeBot } from './fake-bot.ts';

let box: BenchBox;
let bot: FakeBot;
afterEach(async () => {
  await bot.stop();
  await box.remove();
});

const SIZE = 24 * MIB;

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
  box.reboots = 0;
}

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
