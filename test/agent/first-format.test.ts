import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, fillDisk, MIB } from './bench-box.ts';
import { rewriteInFirstFormat } from './imaging/first-format.ts';

const KIB = 1024;
const SIZE = 17 * MIB + 512;

let box: BenchBox;
afterEach(() => box.remove());

/** A box with a backup of its disk as an agent made it whose indexes had SHA-256. */
async function backedUpBox(holds: (raw: Buffer) => Buffer = (raw) => raw): Promise<Buffer> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await box.run(await box.plan('backup'));
  const raw = await readFile(box.diskFile('sda'));
  const generation = join(box.boxDirectory, 'generations/000001');
  const indexHash = await rewriteInFirstFormat(join(generation, 'sda.raw.gz.index'), holds(raw));
  const path = join(generation, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await chmod(path, 0o644);
  await writeFile(path, JSON.stringify({ ...manifest, disks: [{ ...manifest.disks[0], indexHash }] }));
  return raw;
}

it('brings back an image whose index has SHA-256, and finds what is there already by it', async () => {
  const raw = await backedUpBox();
  await writeFile(box.diskFile('sda'), 'x', { flag: 'r+' });

  const bot = await box.run(await box.plan('restore'));

  expect(bot.ended).toMatchObject({ type: 'done' });
  expect(bot.all('done')[0]?.disks[0]).toMatchObject({
    writtenBytes: 64 * KIB,
    skippedBytes: SIZE - 64 * KIB,
  });
  expect(await readFile(box.diskFile('sda'))).toEqual(raw);
});

it('writes none of its chunks with another content than their SHA-256', async () => {
  await backedUpBox((raw) => {
    const other = Buffer.from(raw);
    other.writeUInt8(other.readUInt8(MIB) ^ 1, MIB);
    return other;
  });
  await fillDisk(box.diskFile('sda'), SIZE, 5);

  const bot = await box.run(await box.plan('restore'));

  expect(bot.ended).toMatchObject({ type: 'failed', class: 'storage', code: 'image-damaged' });
});

it('backs up beside it, with a hash of its own', async () => {
  const raw = await backedUpBox();

  const bot = await box.run(await box.plan('backup-again'));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
  const index = await readFile(join(box.boxDirectory, 'generations/000002/sda.raw.gz.index'), 'utf8');
  expect(JSON.parse(index.slice(0, index.indexOf('\n')))).toMatchObject({ version: 2, chunkHash: 'blake3' });
  await fillDisk(box.diskFile('sda'), SIZE, 5);
  await box.run(await box.plan('restore'));
  expect(await readFile(box.diskFile('sda'))).toEqual(raw);
});
