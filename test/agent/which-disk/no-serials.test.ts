import { afterEach, expect, it } from 'vitest';
import { planDigest } from '../../../src/contract/plan.ts';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';
import { direct, FakeBot } from '../fake-bot.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 5 * MIB;

async function backedUpBox(names: readonly string[]): Promise<string[]> {
  box = await BenchBox.make(names.map((kernelName) => ({ kernelName, sizeBytes: SIZE, serial: null })));
  await box.run(await box.plan('backup', { firstContact: true, disks: [] }));
  const before = await Promise.all(names.map((name) => hashFile(box.diskFile(name))));
  for (const [number, name] of names.entries()) await fillDisk(box.diskFile(name), SIZE, 50 + number);
  return before;
}

it('a box with one disk needs none', async () => {
  const before = await backedUpBox(['sda']);

  const bot = await box.run(await box.plan('restore'));

  expect(bot.all('held')).toEqual([]);
  expect([await hashFile(box.diskFile('sda'))]).toEqual(before);
});

it('without them each of several disks is asked about, but for the last, which is left by then', async () => {
  const names = ['sda', 'sdb', 'sdc'];
  const before = await backedUpBox(names);

  const bot = await box.run(await box.plan('restore'), {
    direct: (self) => {
      const question = self.all('held').at(-1)?.question;
      if (self.ended !== undefined) return { kind: 'reboot-local' };
      if (question === undefined) return { kind: 'continue' };
      const { id, facts } = question;
      return { kind: 'proceed', question: id, plan: facts, digest: planDigest(facts) };
    },
  });

  const questions = bot.all('held').map(({ question }) => question);
  expect(questions.map(({ kind, slots }) => [kind, slots])).toEqual([
    ['disk-doubtful', ['sda']],
    ['disk-doubtful', ['sdb']],
  ]);
  expect(new Set(questions.map(({ id }) => id)).size).toBe(2);
  expect(bot.ended?.type).toBe('done');
  expect(await Promise.all(names.map((name) => hashFile(box.diskFile(name))))).toEqual(before);
});

it('a yes is not asked for again by an agent that was started again in between', async () => {
  await backedUpBox(['sda', 'sdb']);
  const larger = box.description.disks.map((disk) => ({ ...disk, sizeBytes: SIZE - 512 }));
  box.description = { ...box.description, disks: larger };
  const plan = await box.plan('backup-again', {
    disks: (await box.plan('backup-again')).disks.map((planned) => ({
      ...planned,
      disk: planned.disk === null ? null : { ...planned.disk, sizeBytes: SIZE },
    })),
    onlySlots: ['sda'],
  });
  const bot = await FakeBot.start(plan, { direct: direct('continue') });
  box.useJob('8k3m9q2x');
  const first = box.start(bot);
  await bot.until((self) => self.all('held').length > 0);
  first.end();
  await first.ended;
  const [held] = bot.all('held');
  if (held === undefined) throw new Error('expected a question');

  // As the bot answers the second hello: the plan that was accepted, and the question's id.
  bot.mood.plan = held.question.facts;
  bot.mood.accepted = [held.question.id];
  bot.mood.direct = (self) => ({ kind: self.ended === undefined ? 'continue' : 'reboot-local' });
  await box.start(bot).ended;
  await bot.stop();

  expect(bot.all('held')).toHaveLength(1);
  expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
});
