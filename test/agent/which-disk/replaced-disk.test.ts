import { truncate } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { planDigest } from '../../../src/contract/plan.ts';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';
import type { FakeBot } from '../fake-bot.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 6 * MIB;

/** A box with an image, in which another disk of some size sits in the place of the old one. */
async function boxWithNewDisk(sizeBytes: number) {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
  const plan = await box.plan('restore');
  const original = await hashFile(box.diskFile('sda'));
  await fillDisk(box.diskFile('sda'), sizeBytes, 40);
  const disks = box.description.disks.map((disk) => ({
    ...disk,
    sizeBytes,
    identity: { ...disk.identity, serial: 'BRAND-NEW' },
  }));
  box.description = { ...box.description, disks };
  return { plan, original };
}

/** Says yes to the newest question. */
function accept(bot: FakeBot) {
  const question = bot.all('held').at(-1)?.question;
  if (bot.ended !== undefined) return { kind: 'reboot-local' } as const;
  if (question === undefined) return { kind: 'continue' } as const;
  const { id, facts } = question;
  return { kind: 'proceed', question: id, plan: facts, digest: planDigest(facts) } as const;
}

it('a replaced disk is asked about, and restored when people say yes', async () => {
  const { plan, original } = await boxWithNewDisk(SIZE);

  const bot = await box.run(plan, { direct: accept });

  expect(bot.all('held')).toMatchObject([
    {
      question: {
        kind: 'disk-replaced',
        slots: ['sda'],
        before: expect.stringContaining('SER-sda'),
        now: expect.stringContaining('BRAND-NEW'),
        facts: { disks: [{ slot: 'sda', disk: { identity: { serial: 'BRAND-NEW' } } }] },
      },
    },
  ]);
  expect(bot.ended?.type).toBe('done');
  expect(await hashFile(box.diskFile('sda'))).toBe(original);
});

it('a larger one keeps what lies behind the image', async () => {
  const { plan, original } = await boxWithNewDisk(SIZE + MIB);

  const bot = await box.run(plan, { direct: accept });

  expect(bot.ended?.type).toBe('done');
  await truncate(box.diskFile('sda'), SIZE);
  expect(await hashFile(box.diskFile('sda'))).toBe(original);
});

it('defect 5: a disk that is too small is refused before anybody is asked or a byte is written', async () => {
  const { plan } = await boxWithNewDisk(2 * MIB);
  const before = await box.imagesAndDisks();

  const bot = await box.run(plan, { direct: accept });

  expect(bot.all('held')).toEqual([]);
  expect(bot.ended).toMatchObject({ type: 'failed', class: 'box', code: 'disk-too-small' });
  expect(await box.imagesAndDisks()).toEqual(before);
});
