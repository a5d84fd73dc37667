import { afterEach, expect, it } from 'vitest';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 5 * MIB;
const hashes = () => Promise.all(['sda', 'sdb'].map((name) => hashFile(box.diskFile(name))));

async function backedUpBox(): Promise<string[]> {
  box = await BenchBox.make([
    { kernelName: 'sda', sizeBytes: SIZE },
    { kernelName: 'sdb', sizeBytes: SIZE + MIB },
  ]);
  await box.run(await box.plan('backup'));
  const before = await hashes();
  await fillDisk(box.diskFile('sda'), SIZE, 20);
  await fillDisk(box.diskFile('sdb'), SIZE + MIB, 21);
  return before;
}

it('two disks are backed up and restored, each from its own image', async () => {
  const before = await backedUpBox();

  const bot = await box.run(await box.plan('restore'));

  expect(bot.ended).toMatchObject({ type: 'done', disks: [{ slot: 'sda' }, { slot: 'sdb' }] });
  expect(await hashes()).toEqual(before);
});

it('a restore of one of them leaves the other alone', async () => {
  const [, second] = await backedUpBox();
  const [scribbled] = await hashes();

  const bot = await box.run(await box.plan('restore', { onlySlots: ['sdb'] }));

  expect(bot.all('dirty')).toEqual([{ type: 'dirty', slot: 'sdb' }]);
  expect(await hashes()).toEqual([scribbled, second]);
});

it('both are dirty before the first is written, so that a power cut between them is known', async () => {
  await backedUpBox();

  const bot = await box.run(await box.plan('restore'));

  const order = bot.reports.filter(({ type }) => type === 'dirty' || type === 'clean');
  expect(order.map(({ type }) => type)).toEqual(['dirty', 'dirty', 'clean', 'clean']);
});
