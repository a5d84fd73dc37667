import { chmod, open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HelloAccepted } from '../../src/contract/report.ts';
import { BenchBox, fillDisk, hashFile, MIB } from './bench-box.ts';

const SIZE = 24 * MIB;
let box: BenchBox;
afterEach(() => box.remove());

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
}

function settings(readThrough: boolean): HelloAccepted['settings'] {
  return { codec: 'gzip', hostKeys: [], shutdown: 'clean', readThrough };
}

/** Turns a bit in the last chunk that holds data. */
async function damageImage(): Promise<void> {
  const path = join(box.boxDirectory, 'generations/000001/sda.raw.gz');
  await chmod(path, 0o644);
  const image = await open(path, 'r+');
  const { size } = await image.stat();
  const byte = Buffer.alloc(1);
  // Behind it are three chunks of zeros, about 4 KiB each.
  const position = size - 64 * 1024;
  await image.read(byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await image.write(byte, 0, 1, position);
  await image.close();
}

describe('an image that the bot proved lately', () => {
  it('is restored without being read through first', async () => {
    await backedUpBox();
    const original = await hashFile(box.diskFile('sda'));
    await fillDisk(box.diskFile('sda'), SIZE, 31);

    const bot = await box.run(await box.plan('restore'), { settings: settings(false) });

    expect(bot.ended).toMatchObject({ type: 'done' });
    expect(await hashFile(box.diskFile('sda'))).toBe(original);
    const said = bot.all('log').map(({ message }) => message);
    expect(said).toContainEqual(expect.stringContaining('was proved on the server lately'));
  });

  it('and is damaged all the same fails with the disk half-written, and says so', async () => {
    await backedUpBox();
    await fillDisk(box.diskFile('sda'), SIZE, 32);
    await damageImage();

    const bot = await box.run(await box.plan('restore'), { settings: settings(false) });

    expect(bot.ended).toMatchObject({
      type: 'failed',
      class: 'storage',
      code: 'image-damaged',
      message: expect.stringContaining('sda is half-written'),
    });
    expect(bot.dirty).toEqual(['sda']);
  });
});

it('an image that has to be read through is found damaged before the first write', async () => {
  await backedUpBox();
  await fillDisk(box.diskFile('sda'), SIZE, 33);
  const before = await hashFile(box.diskFile('sda'));
  await damageImage();

  const bot = await box.run(await box.plan('restore'), { settings: settings(true) });

  expect(bot.ended).toMatchObject({ type: 'failed', class: 'storage', code: 'image-damaged' });
  expect(bot.all('dirty')).toEqual([]);
  expect(await hashFile(box.diskFile('sda'))).toBe(before);
});
