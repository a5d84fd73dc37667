import { chmod, copyFile, link, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECORD_SIZE_BYTES } from '../../../src/contract/image-index.ts';
import { CaptureBed, CHUNK, SECTOR } from './capture-bed.ts';

const CHUNKS = 12;
const TRAILER_BYTES = 32;

let bed: CaptureBed;
beforeEach(async () => {
  bed = await CaptureBed.make(CHUNKS * CHUNK + SECTOR, [3, 4, 5, 9]);
  await bed.capture('whole');
});
afterEach(() => bed.remove());

/** What a power cut leaves of the whole image. */
async function cutOff(how: { imageBytes?: number; records: number }): Promise<void> {
  await copyFile(bed.path('whole'), bed.path('cut'));
  await copyFile(bed.path('whole.index'), bed.path('cut.index'));
  for (const name of ['cut', 'cut.index']) await chmod(bed.path(name), 0o644);
  const index = await readFile(bed.path('cut.index'));
  const records = index.indexOf(0x0a) + 1 + how.records * RECORD_SIZE_BYTES;
  await truncate(bed.path('cut.index'), records);
  if (how.imageBytes !== undefined) await truncate(bed.path('cut'), how.imageBytes);
}

async function offsetOf(chunk: number): Promise<number> {
  return (await bed.records('whole'))[chunk]?.offset ?? 0;
}

async function expectSame(): Promise<void> {
  expect(await readFile(bed.path('cut'))).toEqual(await readFile(bed.path('whole')));
  expect(await readFile(bed.path('cut.index'))).toEqual(await readFile(bed.path('whole.index')));
}

describe('a capture that goes on with what another has left', () => {
  it.each([1, 3, 8, 13])('after %i chunks is the same, and codes the others only', async (chunks) => {
    await cutOff({ records: chunks });

    const { keptBytes, counted } = await bed.capture('cut', { goOn: true });

    await expectSame();
    const { size } = await stat(bed.path('whole'));
    expect(keptBytes).toBe(chunks === CHUNKS + 1 ? size : await offsetOf(chunks));
    expect(counted.written).toBe(size - keptBytes);
  });

  it('keeps a row of zeros that stands there, also beyond the records', async () => {
    await cutOff({ records: 4 });

    const { keptBytes } = await bed.capture('cut', { goOn: true });

    await expectSame();
    expect(keptBytes).toBeGreaterThanOrEqual(await offsetOf(4));
    expect(keptBytes).toBeLessThanOrEqual(await offsetOf(6));
  });

  it('goes by the shorter of the two files', async () => {
    await cutOff({ records: 10, imageBytes: (await offsetOf(7)) + 100 });

    const { keptBytes } = await bed.capture('cut', { goOn: true });

    await expectSame();
    expect(keptBytes).toBe(await offsetOf(7));
  });

  it.each([0, 4, 11])('starts over where the disk has changed since, in chunk %i', async (chunk) => {
    await cutOff({ records: 12 });
    await bed.fill(chunk);

    const { keptBytes } = await bed.capture('cut', { goOn: true });

    expect(await bed.faults('cut', await bed.readDisk())).toEqual([]);
    expect(keptBytes).toBeLessThanOrEqual(await offsetOf(chunk));
  });

  it('starts over where a disk of data has become zeros', async () => {
    await cutOff({ records: 12 });
    await bed.poke(bed.disk, 0, Buffer.alloc(2 * CHUNK));

    await bed.capture('cut', { goOn: true });

    expect(await bed.faults('cut', await bed.readDisk())).toEqual([]);
  });

  it('starts over where the image does not hold what the index says, as after lost writes', async () => {
    await cutOff({ records: 12 });
    const [from, end] = [await offsetOf(6), await offsetOf(7)];
    await bed.poke(bed.path('cut'), from, Buffer.alloc(end - from));

    const { keptBytes, codedBytes } = await bed.capture('cut', { goOn: true });

    await expectSame();
    // Threads that were ahead have proved what is behind it; it lies where it would be written.
    expect(keptBytes).toBeGreaterThanOrEqual(from);
    expect(keptBytes).toBeLessThanOrEqual(codedBytes - (end - from));
  });

  it('starts over where a row of zeros is not there', async () => {
    await cutOff({ records: 12 });
    await bed.poke(bed.path('cut'), await offsetOf(4), Buffer.alloc(1_000, 7));

    await bed.capture('cut', { goOn: true });

    await expectSame();
  });

  it('by many threads is the same', async () => {
    await cutOff({ records: 9 });

    await bed.capture('cut', { goOn: true, threads: 16 });

    await expectSame();
  });

  it('is not taken in by an index of something else', async () => {
    await cutOff({ records: 12 });
    const index = await readFile(bed.path('cut.index'));
    await writeFile(
      bed.path('cut.index'),
      index.toString('latin1').replace('"generation":1', '"generation":2'),
      'latin1',
    );

    const { keptBytes } = await bed.capture('cut', { goOn: true });

    await expectSame();
    expect(keptBytes).toBe(0);
  });

  it('never writes to an image that has another name too', async () => {
    await cutOff({ records: 6 });
    await link(bed.path('cut'), bed.path('published'));
    const published = await readFile(bed.path('published'));
    await bed.fill(0);

    await bed.capture('cut', { goOn: true });

    expect(await readFile(bed.path('published'))).toEqual(published);
    expect(await bed.faults('cut', await bed.readDisk())).toEqual([]);
  });

  it('of files that were finished is the same, and writes nothing of the image', async () => {
    await copyFile(bed.path('whole'), bed.path('cut'));
    await copyFile(bed.path('whole.index'), bed.path('cut.index'));

    const { counted } = await bed.capture('cut', { goOn: true });

    await expectSame();
    expect(counted.written).toBe(0);
    expect((await stat(bed.path('cut'))).mode & 0o777).toBe(0o444);
  });

  it('takes the rest over from the last generation', async () => {
    await cutOff({ records: 6 });
    await using whole = await bed.open('whole');

    const { keptBytes, takenBytes, codedBytes } = await bed.capture('cut', {
      goOn: true,
      previous: whole.source,
    });

    await expectSame();
    expect(keptBytes).toBe(await offsetOf(6));
    expect(takenBytes).toBeGreaterThan((codedBytes - keptBytes) * 0.9);
  });

  it('is refused where nobody asked to go on', async () => {
    await cutOff({ records: 6 });

    await expect(bed.capture('cut')).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

it('a capture leaves records only of what is in the image, soon after it is', async () => {
  const before = await readFile(bed.path('whole.index'));
  const stop = new AbortController();
  let seen = Buffer.alloc(0);
  let imageBytes = 0;
  const slow = bed.capture('slow', {
    threads: 2,
    watch: {
      ...bed.watch(),
      stop: stop.signal,
      rateLimit: async () => 8 * CHUNK,
      look: async () => {
        seen = await readFile(bed.path('slow.index'));
        imageBytes = (await stat(bed.path('slow'))).size;
        if (seen.length > before.length / 8) stop.abort(new Error('enough'));
      },
    },
  });

  await expect(slow).rejects.toThrow('enough');
  expect(seen.length).toBeLessThan(before.length - TRAILER_BYTES);
  expect(seen).toEqual(before.subarray(0, seen.length));
  const records = Math.floor((seen.length - before.indexOf(0x0a) - 1) / RECORD_SIZE_BYTES);
  expect(imageBytes).toBeGreaterThanOrEqual(await offsetOf(records));
});
