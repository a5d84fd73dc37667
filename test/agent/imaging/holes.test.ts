import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Holes } from '../../../agent/imaging/holes.ts';
import { attach, detach, whyNoLoopDevices } from './loop-devices.ts';

const MIB = 1024 ** 2;
const NO_LOOP = whyNoLoopDevices();

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-holes-'));
  path = join(folder, 'disk');
  await writeFile(path, '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeAt(position: number, lengthBytes: number): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(Buffer.alloc(lengthBytes), 0, lengthBytes, position);
}

describe('Holes', () => {
  it('knows what was never written, in any order of questions', async () => {
    await truncate(path, 64 * MIB);
    await writeAt(16 * MIB, 4 * MIB);
    await using file = await open(path);
    const holes = new Holes(file.fd);

    for (const [from, length, hole] of [
      [0, 16, true],
      [12, 4, true],
      [12, 5, false],
      [16, 4, false],
      [19, 4, false],
      [20, 44, true],
      [0, 4, true],
      [60, 4, true],
      [18, 1, false],
    ] as const) {
      expect([from, holes.cover(from * MIB, length * MIB)]).toEqual([from, hole]);
    }
  });

  it('takes what lies behind the end of a file for no hole: a disk that became shorter is not zeros', async () => {
    await truncate(path, 8 * MIB);
    await using file = await open(path);
    const holes = new Holes(file.fd);

    expect(holes.cover(4 * MIB, 4 * MIB)).toBe(true);
    expect(holes.cover(6 * MIB, 4 * MIB)).toBe(false);
    expect(holes.cover(8 * MIB, MIB)).toBe(false);
  });

  it('sees none in what is no file', async () => {
    await using directory = await open(folder);
    expect(new Holes(directory.fd).cover(0, MIB)).toBe(false);
  });

  it.skipIf(NO_LOOP !== null)(
    `sees none in a block device${NO_LOOP === null ? '' : `: ${NO_LOOP}`}`,
    async () => {
      await truncate(path, 8 * MIB);
      const device = attach(path);
      try {
        await using file = await open(device);
        expect(new Holes(file.fd).cover(0, MIB)).toBe(false);
      } finally {
        detach(device);
      }
      expect(execFileSync('stat', ['-c', '%b', path]).toString().trim()).toBe('0');
    },
  );
});
