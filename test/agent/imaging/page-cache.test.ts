import { execFileSync } from 'node:child_process';
import { constants, statfsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectReader } from '../../../agent/imaging/direct-reader.ts';
import { DirectWriter } from '../../../agent/imaging/direct-writer.ts';
import { dropFromCache } from '../../../agent/imaging/page-cache.ts';
import { Workshop } from '../../../agent/imaging/workshop.ts';
import { openDiskFile } from '../../../agent/machine/open-files.ts';
import { MIB } from '../bench-box.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

function cachedBytes(path: string): number {
  const text = execFileSync('fincore', ['--bytes', '--noheadings', '--output', 'RES', path]).toString();
  return Number(text.trim());
}

async function flushedFile(lengthBytes: number): Promise<string> {
  const path = join(folder, 'disk');
  await writeFile(path, Buffer.alloc(lengthBytes, 7), { flush: true });
  return path;
}

const TMPFS_TYPE = 0x01021994;
const inMemory = statfsSync(tmpdir()).type === TMPFS_TYPE;
if (inMemory) console.warn('Skipped: dropping from the page cache (the temporary directory is in memory)');

it.skipIf(inMemory)('drops what was flushed from the page cache', async () => {
  const path = await flushedFile(8 * MIB);
  await using file = await open(path, 'r+');
  const before = cachedBytes(path);

  dropFromCache(file.fd, 0, 4 * MIB);

  expect([before, cachedBytes(path)]).toEqual([8 * MIB, 4 * MIB]);
});

it.each([true, false])(
  'reads to the end of a file of no whole sectors (with O_DIRECT: %s)',
  async (direct) => {
    const path = await flushedFile(MIB + 100);
    await using file = await open(path, 'r+');
    await using past = await open(path, constants.O_RDONLY | constants.O_DIRECT);
    const reader = new DirectReader({ fd: file.fd, directFd: direct ? past.fd : null });
    const into = new Workshop().buffer('chunk', 2 * MIB);

    expect(reader.read(into, MIB - 4096)).toBe(4196);
    expect(into.subarray(0, 4196).equals(Buffer.alloc(4196, 7))).toBe(true);
  },
);

describe('a direct writer', () => {
  const bytes = new Workshop().buffer('chunk', 2 * MIB).fill(9);

  it.skipIf(inMemory)('leaves nothing of what it wrote in the page cache', async () => {
    const path = await flushedFile(4 * MIB);
    await using disk = await openedDisk(path);
    dropFromCache(disk.fd, 0, 4 * MIB);

    new DirectWriter(disk).write(bytes, MIB);

    expect(cachedBytes(path)).toBe(0);
    const expected = Buffer.concat([Buffer.alloc(MIB, 7), bytes, Buffer.alloc(MIB, 7)]);
    expect((await readFile(path)).equals(expected)).toBe(true);
  });

  it.each([
    ['memory at another place', bytes.subarray(1, MIB + 1), 0],
    ['a part of a sector', bytes.subarray(0, 100), 4096],
    ['a place in a sector', bytes.subarray(0, 4096), 100],
  ])('writes %s the usual way', async (_what, from, position) => {
    const path = await flushedFile(4 * MIB);
    await using disk = await openedDisk(path);

    new DirectWriter(disk).write(from, position);

    const expected = Buffer.alloc(4 * MIB, 7);
    from.copy(expected, position);
    expect((await readFile(path)).equals(expected)).toBe(true);
  });
});

async function openedDisk(path: string) {
  const disk = await openDiskFile(path, { access: 'write', exclusive: false });
  return {
    fd: disk.fd,
    directWriteFd: disk.directWriteFd ?? null,
    [Symbol.asyncDispose]: () => disk.close(),
  };
}
