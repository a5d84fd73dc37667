import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trimDisk } from '../../../agent/imaging/trim.ts';
import { zeroRange } from '../../../agent/imaging/zero-range.ts';
import { MIB } from '../bench-box.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-trim-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noStop = new AbortController().signal;

async function fullFile() {
  const path = join(folder, 'disk');
  await writeFile(path, Buffer.alloc(8 * MIB, 1));
  return path;
}

it('frees what a file that stands for a disk takes up', async () => {
  const path = await fullFile();
  await using file = await open(path, 'r+');

  expect(await trimDisk({ fd: file.fd, sizeBytes: 8 * MIB }, noStop)).toBeNull();

  expect(await stat(path)).toMatchObject({ size: 8 * MIB, blocks: 0 });
});

it('says why it could not', async () => {
  await using file = await open('/dev/null', 'r+');

  expect(await trimDisk({ fd: file.fd, sizeBytes: 8 * MIB }, noStop)).toContain('fallocate');
});

it('stops when it shall', async () => {
  const path = await fullFile();
  await using file = await open(path, 'r+');
  const reason = new Error('cancelled');

  await expect(trimDisk({ fd: file.fd, sizeBytes: 8 * MIB }, AbortSignal.abort(reason))).rejects.toBe(reason);
});

it('makes a hole of just the range', async () => {
  const path = await fullFile();
  await using file = await open(path, 'r+');

  expect(zeroRange(file.fd, 2 * MIB, 4 * MIB)).toBe(true);

  const bytes = await readFile(path);
  const wanted = Buffer.alloc(8 * MIB, 1).fill(0, 2 * MIB, 6 * MIB);
  expect(bytes.equals(wanted)).toBe(true);
  expect((await stat(path)).blocks * 512).toBe(4 * MIB);
});

it('is refused by what has no ranges, and fails on what is not open', async () => {
  await using nothing = await open('/dev/null', 'r+');

  expect(zeroRange(nothing.fd, 0, 4096)).toBe(false);
  expect(() => zeroRange(999_999, 0, 4096)).toThrow(expect.objectContaining({ code: 'EBADF' }));
});
