import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIndexed } from '../../../agent/imaging/source.ts';
import { DiskSlot } from '../../../src/contract/disk.ts';
import { readImageIndex } from '../../../src/contract/image-index.ts';
import { bundleImaging } from '../../bench/bundle.ts';
import { runOurs } from '../../bench/measure.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;
const SIZE_BYTES = 2 * TIB;
const CHUNK = 4 * MIB;
const DATA_CHUNKS = [0, 1, 100_000, SIZE_BYTES / CHUNK - 1];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-huge-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a disk of two tebibytes that is nearly all a hole', () => {
  it('is indexed, chunk by chunk, in bounded memory', async () => {
    const [disk, image] = [join(folder, 'disk'), join(folder, 'image')];
    {
      await using file = await open(disk, 'w');
      for (const chunk of DATA_CHUNKS) await file.write('not zero', chunk * CHUNK + 5);
      await truncate(disk, SIZE_BYTES);
    }
    const imaging = await bundleImaging(folder);
    const places = { images: folder, unrelated: '', changed: '', forget: () => undefined };

    const { peakBytes } = await runOurs(
      { ...places, folder, imaging, disk },
      { work: 'capture', codec: 'zstd', threads: 2, disk, image },
    );

    const data: number[] = [];
    let [chunks, codedBytes, indexHash] = [0, 0, ''];
    for await (const part of readImageIndex(createReadStream(`${image}.index`))) {
      if (part.kind === 'end') indexHash = part.imageHash;
      if (part.kind !== 'records') continue;
      for (const [at, record] of part.records.entries()) {
        if (!record.zero) data.push(part.first + at);
        if (record.offset !== codedBytes) throw new Error(`chunk ${part.first + at} is out of its place`);
        codedBytes += record.length;
        chunks += 1;
      }
    }
    expect(chunks).toBe(SIZE_BYTES / CHUNK);
    expect(data).toEqual(DATA_CHUNKS);
    expect(codedBytes).toBe((await stat(image)).size);
    // What a restore foretells its time by.
    const sizes = { sizeBytes: SIZE_BYTES, sectorSizeBytes: 512 };
    const indexed = await openIndexed({
      ...{ boxDirectory: folder, slot: DiskSlot.parse('sda'), disk: sizes },
      image: {
        kind: 'indexed',
        file: 'image',
        codec: 'zstd',
        ...sizes,
        codedBytes,
        indexHash,
        generation: 1,
      },
    });
    expect(indexed.lightAfter(0)).toBe(SIZE_BYTES - DATA_CHUNKS.length * CHUNK);
    await indexed.close();
    // The index alone is 27 MB, and each chunk of it takes ten times as much while it is an object.
    expect(peakBytes).toBeLessThan(250e6);
  }, 120_000);
});
