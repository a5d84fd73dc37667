import { readFile, stat } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BAD_SECTORS_WORKER, setBadSectors } from './bad-sectors.ts';
import { CaptureBed, CHUNK, SECTOR } from './capture-bed.ts';

const PAGE = 4096;
const SECTORS_OF_CHUNK = CHUNK / SECTOR;

let bed: CaptureBed;
afterEach(async () => {
  setBadSectors(null);
  await bed.remove();
});

async function badSectors(sectors: readonly number[]): Promise<void> {
  setBadSectors({ inode: (await stat(bed.disk)).ino, sectors });
}

/** The disk with zeros where it can't be read. */
async function readable(pages: readonly number[]): Promise<Buffer> {
  const raw = await readFile(bed.disk);
  for (const page of pages) raw.fill(0, page, page + PAGE);
  return raw;
}

describe('a capture of a disk with bad sectors', () => {
  it('has all else, marks the chunks, and says where they are', async () => {
    bed = await CaptureBed.make(6 * CHUNK + SECTOR, [3]);
    const pages = [CHUNK + 5 * PAGE, CHUNK + 6 * PAGE, 4 * CHUNK];
    await badSectors(pages.map((page) => page / SECTOR + 1));

    const { unread } = await bed.capture('image', { entry: BAD_SECTORS_WORKER });

    expect(unread).toEqual([
      { offset: CHUNK + 5 * PAGE, length: 2 * PAGE },
      { offset: 4 * CHUNK, length: PAGE },
    ]);
    expect(await bed.faults('image', await readable(pages))).toEqual([]);
    const bad = (await bed.records('image')).map((record) => record.bad);
    expect(bad).toEqual([false, true, false, false, true, false, false]);
  });

  it('calls no chunk zeros that nobody could read', async () => {
    bed = await CaptureBed.make(2 * CHUNK, [1]);
    await badSectors([SECTORS_OF_CHUNK + 8]);

    await bed.capture('image', { entry: BAD_SECTORS_WORKER });

    expect((await bed.records('image')).map(({ zero, bad }) => [zero, bad])).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  it('goes on behind bad chunks after a power cut', async () => {
    bed = await CaptureBed.make(5 * CHUNK);
    await badSectors([SECTORS_OF_CHUNK]);
    const first = await bed.capture('image', { entry: BAD_SECTORS_WORKER });

    const second = await bed.capture('image', { entry: BAD_SECTORS_WORKER, goOn: true });

    expect(second).toMatchObject({
      imageHash: first.imageHash,
      keptBytes: first.codedBytes,
      unread: first.unread,
    });
  });

  it('reads a chunk anew that was bad and is not any more', async () => {
    bed = await CaptureBed.make(3 * CHUNK);
    await badSectors([SECTORS_OF_CHUNK]);
    await bed.capture('image', { entry: BAD_SECTORS_WORKER });

    const { unread } = await bed.capture('image', { goOn: true });

    expect(unread).toEqual([]);
    expect(await bed.faults('image', await bed.readDisk())).toEqual([]);
    expect((await bed.records('image')).some(({ bad }) => bad)).toBe(false);
  });

  it('does not go on with a disk that is gone', async () => {
    bed = await CaptureBed.make(20 * CHUNK);
    const pages = Array.from({ length: (20 * CHUNK) / PAGE }, (_unused, page) => page * (PAGE / SECTOR));
    await badSectors(pages);

    await expect(bed.capture('image', { entry: BAD_SECTORS_WORKER })).rejects.toMatchObject({
      class: 'box',
      code: 'disk-failed',
      message: expect.stringContaining('the disk is failing, or gone'),
    });
  });
});
