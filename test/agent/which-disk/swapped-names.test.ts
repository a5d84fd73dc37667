import { rename } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 5 * MIB;

/** The kernel calls each disk by the other one's name today. */
function swapNames(): void {
  const other: Record<string, string> = { sda: 'sdb', sdb: 'sda' };
  const disks = box.description.disks.map((disk) => ({
    ...disk,
    kernelName: other[disk.kernelName] ?? disk.kernelName,
  }));
  box.description = { ...box.description, disks };
}

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([
    { kernelName: 'sda', sizeBytes: SIZE },
    { kernelName: 'sdb', sizeBytes: SIZE },
  ]);
  await box.run(await box.plan('backup'));
}

it('images go to the disks they came from, whatever the kernel calls them today', async () => {
  await backedUpBox();
  const plan = await box.plan('restore');
  const [first, second] = [await hashFile(box.diskFile('sda')), await hashFile(box.diskFile('sdb'))];
  for (const [number, { file }] of box.description.disks.entries()) await fillDisk(file, SIZE, 30 + number);
  swapNames();

  const bot = await box.run(plan);

  expect(bot.ended?.type).toBe('done');
  expect(bot.all('held')).toEqual([]);
  expect([await hashFile(box.diskFile('sdb')), await hashFile(box.diskFile('sda'))]).toEqual([first, second]);
});

it('an image keeps the name of its first capture', async () => {
  await backedUpBox();
  const plan = await box.plan('backup-again');
  swapNames();
  box.useJob('8k3m9q2x');

  await box.run(plan);

  const manifest = await box.currentManifest();
  expect(manifest?.disks.map(({ slot, kernelName }) => [slot, kernelName])).toEqual([
    ['sda', 'sdb'],
    ['sdb', 'sda'],
  ]);
});

it('defect 11: another machine at the address is asked about, not overwritten', async () => {
  await backedUpBox();
  const plan = await box.plan('restore');
  const before = await box.imagesAndDisks();
  box.description = { ...box.description, uuid: '00112233-4455-6677-8899-aabbccddeeff' };

  const bot = await box.run(plan, {
    direct: (self) => ({ kind: self.all('held').length === 0 ? 'continue' : 'reboot-local' }),
  });

  expect(bot.all('held')).toMatchObject([{ question: { kind: 'uuid-changed' } }]);
  expect(bot.all('dirty')).toEqual([]);
  expect(await box.imagesAndDisks()).toEqual(before);
});

it('defect 11: nor are other disks that bear the names of the old ones', async () => {
  await backedUpBox();
  const plan = await box.plan('restore');
  const disks = box.description.disks.map((disk) => ({
    ...disk,
    identity: { ...disk.identity, serial: `OTHER-${disk.kernelName}` },
  }));
  const [first] = disks;
  if (first === undefined) throw new Error('expected a disk');
  await rename(first.file, `${first.file}.of-another-machine`);
  await fillDisk(first.file, SIZE, 33);
  box.description = { ...box.description, disks };
  const before = await box.imagesAndDisks();

  const bot = await box.run(plan, {
    direct: (self) => ({ kind: self.all('held').length === 0 ? 'continue' : 'reboot-local' }),
  });

  expect(bot.all('held')).toMatchObject([{ question: { kind: 'disk-replaced', slots: ['sda'] } }]);
  expect(await box.imagesAndDisks()).toEqual(before);
});
