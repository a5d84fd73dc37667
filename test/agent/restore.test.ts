import { execFileSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { HelloAccepted } from '../../src/contract/report.ts';
import { BenchBox, fillDisk, hashFile, MIB, plainImage } from './bench-box.ts';

const KIB = 1024;

let box: BenchBox;
afterEach(() => box.remove());

it.each(['gzip', 'zstd'] as const)('brings a changed disk back to its %s image', async (codec) => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 18 * MIB + 1536 }]);
  const original = await hashFile(box.diskFile('sda'));
  const settings: HelloAccepted['settings'] = { codec, hostKeys: [], shutdown: 'clean' };
  await box.run(await box.plan('backup'), { settings });
  await fillDisk(box.diskFile('sda'), 18 * MIB + 1536, 77);

  const bot = await box.run(await box.plan('restore'), { settings });

  expect(bot.violations).toEqual([]);
  expect(bot.ended).toMatchObject({ type: 'done', generation: null });
  expect(await hashFile(box.diskFile('sda'))).toBe(original);
  expect(bot.dirty).toEqual([]);
  expect(bot.all('clean')).toEqual([{ type: 'clean', slot: 'sda', because: 'verified' }]);
});

it('tells how far it has read the image through, apart from how far the disk is', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 16 * MIB }]);
  await box.run(await box.plan('backup'));

  const bot = await box.run(await box.plan('restore'));

  const disks = bot.all('progress').flatMap((progress) => progress.disks);
  const checked = disks.filter(({ checking }) => checking);
  expect(checked.at(-1)).toMatchObject({ slot: 'sda', doneBytes: 16 * MIB, totalBytes: 16 * MIB });
  expect(disks.at(-1)).toMatchObject({ slot: 'sda', doneBytes: 16 * MIB });
  expect(disks.at(-1)?.checking).toBeUndefined();
});

it('writes only what differs of a chunk', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 16 * MIB }]);
  await box.run(await box.plan('backup'));
  const file = box.diskFile('sda');
  const original = await hashFile(file);
  await writeFile(file, 'x', { flag: 'r+' });

  const bot = await box.run(await box.plan('restore'));

  expect(await hashFile(file)).toBe(original);
  expect(bot.all('done')[0]?.disks[0]).toMatchObject({
    writtenBytes: 64 * KIB,
    skippedBytes: 16 * MIB - 64 * KIB,
  });
});

it('brings an image onto an empty disk', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 16 * MIB }]);
  await box.run(await box.plan('backup'));
  const file = box.diskFile('sda');
  const original = await hashFile(file);
  await truncate(file, 0);
  await truncate(file, 16 * MIB);

  await box.run(await box.plan('restore'));

  expect(await hashFile(file)).toBe(original);
});

it.each(['sda.raw.gz', 'sda.gz'])('brings back an image of the original named %s', async (name) => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 17 * MIB + 512 }]);
  const file = box.diskFile('sda');
  const original = await hashFile(file);
  await box.run(await box.plan('rescue'));
  await writeFile(join(box.boxDirectory, name), execFileSync('gzip', ['-c', file], { maxBuffer: 64 * MIB }));
  const image = await plainImage(box.boxDirectory, name);
  await fillDisk(file, 17 * MIB + 512, 5);
  const plan = await box.plan('restore');

  const bot = await box.run({ ...plan, disks: plan.disks.map((disk) => ({ ...disk, image })) });

  expect(bot.ended).toMatchObject({ type: 'done' });
  expect(await hashFile(file)).toBe(original);
});

it('brings an image onto a smaller disk when only zeros lie past its end', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 16 * MIB }]);
  await box.run(await box.plan('backup'));
  const [disk] = box.description.disks;
  if (disk === undefined) throw new Error('expected a disk');
  await truncate(disk.file, 10 * MIB);
  const wanted = await hashFile(disk.file);
  await fillDisk(disk.file, 10 * MIB, 6);
  const plan = await box.plan('restore');
  box.description = { ...box.description, disks: [{ ...disk, sizeBytes: 10 * MIB }] };
  const changed = await box.plan('restore');

  const bot = await box.run(changed);

  expect(plan.disks[0]?.disk?.sizeBytes).toBe(16 * MIB);
  expect(bot.ended).toMatchObject({ type: 'done' });
  expect(await hashFile(disk.file)).toBe(wanted);
});
