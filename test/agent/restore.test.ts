import { truncate, writeFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import type { HelloAccepted } from '../../src/contract/report.ts';
import { BenchBox, fillDisk, hashFile, MIB } from './bench-box.ts';

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

it('writes only the chunks that differ', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 16 * MIB }]);
  await box.run(await box.plan('backup'));
  const file = box.diskFile('sda');
  const original = await hashFile(file);
  await writeFile(file, 'x', { flag: 'r+' });

  const bot = await box.run(await box.plan('restore'));

  expect(await hashFile(file)).toBe(original);
  expect(bot.all('done')[0]?.disks[0]).toMatchObject({ writtenBytes: 4 * MIB, skippedBytes: 12 * MIB });
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
