import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { blake3 } from '@napi-rs/blake-hash';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHUNK_SIZE_BYTES, ImageIndexEncoder } from '../../src/contract/image-index.ts';
import { Manifest } from '../../src/contract/manifest.ts';
import { generationName } from '../../src/contract/share-layout.ts';
import { pruneGenerations } from '../../src/storage/prune.ts';
import { PLUTO } from '../fakes/plan.ts';

const IDENTITY = { wwn: null, model: null, serial: 'S', path: null };
const NOW = Date.now();
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'testbox-prune-'));
  await mkdir(join(root, PLUTO, 'generations'), { recursive: true });
  await writeFile(join(root, 'testbox-backup'), '');
});

afterEach(() => rm(root, { recursive: true }));

/** A real image of one chunk, with its index and manifest, read-only as the agent leaves it. */
async function publish(
  generation: number,
  spoil: (image: Buffer) => Buffer = (image) => image,
  damaged = false,
): Promise<void> {
  const directory = join(root, PLUTO, 'generations', generationName(generation));
  await mkdir(directory);
  const raw = Buffer.alloc(CHUNK_SIZE_BYTES, generation);
  const image = gzipSync(raw);
  const encoder = new ImageIndexEncoder();
  const header = encoder.header({
    format: 'testbox-image-index',
    version: 2,
    slot: 'sda',
    identity: IDENTITY,
    sizeBytes: raw.length,
    sectorSizeBytes: 512,
    chunkSizeBytes: CHUNK_SIZE_BYTES,
    codec: 'gzip',
    chunkHash: 'blake3',
    job: null,
    generation,
  });
  const record = {
    offset: 0,
    length: image.length,
    crc32: crc32(image),
    hash: blake3(raw),
    zero: false,
    bad: false,
  };
  const records = encoder.records([record]);
  const { bytes, imageHash } = encoder.trailer();
  const manifest = Manifest.parse({
    version: 1,
    generation,
    job: null,
    action: 'backup',
    testbox: { name: 'pluto', address: PLUTO },
    createdAt: '2026-11-22T17:28:55Z',
    shutdown: 'clean',
    hostKeys: [],
    disks: [
      {
        slot: 'sda',
        file: 'sda.raw.gz',
        indexFile: 'sda.raw.gz.index',
        indexHash: imageHash,
        codec: 'gzip',
        sizeBytes: raw.length,
        sectorSizeBytes: 512,
        codedBytes: image.length,
        identity: IDENTITY,
        kernelName: 'sda',
        origin: generation,
        ...(damaged ? { damaged, badRanges: [{ offset: 512, length: 512 }] } : {}),
      },
    ],
  });
  await writeFile(join(directory, 'sda.raw.gz'), spoil(image), { mode: 0o444 });
  await writeFile(join(directory, 'sda.raw.gz.index'), Buffer.concat([header, records, bytes]), {
    mode: 0o444,
  });
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest), { mode: 0o444 });
  await rm(join(root, PLUTO, 'current'), { force: true });
  await symlink(`generations/${generationName(generation)}`, join(root, PLUTO, 'current'));
}

function prune(proved: number, named: readonly number[] = [], keep = 2, damaged: readonly number[] = []) {
  return pruneGenerations(root, { address: PLUTO, proved, keep, named, damaged, now: NOW });
}

async function left(): Promise<string[]> {
  return (await readdir(join(root, PLUTO, 'generations'))).toSorted();
}

describe('pruning', () => {
  it('keeps the newest, the current one counted, and those that jobs name', async () => {
    for (const generation of [1, 2, 3, 4]) await publish(generation);

    expect(await prune(4, [1])).toEqual({ removed: [2], problem: null });
    expect(await left()).toEqual(['000001', '000003', '000004']);
  });

  it('does not count those that are damaged: so many that can be restored are kept', async () => {
    for (const generation of [1, 2, 3, 4]) await publish(generation);

    expect(await prune(4, [], 2, [3])).toEqual({ removed: [1], problem: null });
    expect(await left()).toEqual(['000002', '000003', '000004']);
    expect(await prune(4, [], 2, [2, 3])).toEqual({ removed: [], problem: null });
  });

  it('counts none whose files are not there in their size', async () => {
    await publish(1);
    await publish(2, (image) => image.subarray(0, -1));
    await publish(3);

    expect(await prune(3)).toEqual({ removed: [], problem: null });
  });

  it.each([
    [
      'a flipped bit',
      (image: Buffer) => Buffer.from(image.map((byte, at) => (at === 100 ? byte ^ 1 : byte))),
    ],
    ['a missing end', (image: Buffer) => image.subarray(0, -1)],
    ['bytes too many', (image: Buffer) => Buffer.concat([image, Buffer.from('x')])],
  ])('removes nothing when the new generation has %s', async (_what, spoil) => {
    for (const generation of [1, 2]) await publish(generation);
    await publish(3, spoil);

    const pruned = await prune(3, [], 1);

    expect(pruned.removed).toEqual([]);
    expect(pruned.problem).toContain('sda.raw.gz');
    expect(await left()).toEqual(['000001', '000002', '000003']);
  });

  it('keeps the last undamaged generation while the current one has bad sectors', async () => {
    for (const generation of [1, 2]) await publish(generation);
    for (const generation of [3, 4, 5]) await publish(generation, undefined, true);

    expect(await prune(5)).toEqual({ removed: [3, 1], problem: null });
    expect(await left()).toEqual(['000002', '000004', '000005']);

    await publish(6);
    expect((await prune(6)).removed).toEqual([4, 2]);
  });

  it('removes nothing when the generation to be proved is not the current one', async () => {
    for (const generation of [1, 2, 3]) await publish(generation);

    expect((await prune(4)).removed).toEqual([]);
  });

  it('never removes the current one, whatever it is told to keep', async () => {
    await publish(1);

    expect(await prune(1, [], 0)).toEqual({ removed: [], problem: null });
    expect(await left()).toEqual(['000001']);
  });

  it('clears left-overs after a week, and what an interrupted removal left at once', async () => {
    await publish(1);
    const directory = join(root, PLUTO, 'generations');
    for (const name of ['.partial-7k3m9q2x.1', '.partial-7k3m9q2y.1', '.partial-going-000000']) {
      await mkdir(join(directory, name), { mode: 0o555 });
    }
    const old = new Date(NOW - 8 * 24 * 3_600_000);
    await utimes(join(directory, '.partial-7k3m9q2x.1'), old, old);

    await prune(1);

    expect(await left()).toEqual(['.partial-7k3m9q2y.1', '000001']);
  });
});
