import { execFileSync, spawnSync } from 'node:child_process';
import { open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breakDisk, hashDisk, scribbleOn } from '../../src/lab/disk-faults.ts';
import { fat16Layout } from '../../src/lab/fat16-layout.ts';
import { inspectDisk, installSystem } from '../../src/lab/system-disk.ts';
import { MIB, temporaryDirectory } from './lab-fixture.ts';

const SYSTEM = { hostname: 'pluto', banner: 'pluto, installed', hostKey: 'key\n'.repeat(400), seed: 42 };
const hasFsck = spawnSync('fsck.vfat', ['--help']).error === undefined;

async function installed(sizeBytes: number): Promise<string> {
  const file = join(await temporaryDirectory(), 'sda.raw');
  await installSystem(file, sizeBytes, SYSTEM);
  return file;
}

describe('a lab disk', () => {
  it.each([4, 8, 33])('of %i MiB holds the system that was installed', async (mebibytes) => {
    const file = await installed(mebibytes * MIB);

    const { hostname, banner, hostKey } = SYSTEM;
    expect(await inspectDisk(file)).toEqual({ kind: 'bootable', system: { hostname, banner, hostKey } });
    expect((await stat(file)).size).toBe(mebibytes * MIB);
  });

  it.runIf(hasFsck).each([4, 8, 33, 80])('of %i MiB is a sound FAT16 to fsck.vfat', async (mebibytes) => {
    const file = await installed(mebibytes * MIB);

    expect(execFileSync('fsck.vfat', ['-n', '-v', file]).toString()).toContain('16 bit entries');
  });

  it('is the same to the byte when made again', async () => {
    expect(await hashDisk(await installed(4 * MIB))).toBe(await hashDisk(await installed(4 * MIB)));
  });

  it('still boots after a scribble, with another hash', async () => {
    const file = await installed(8 * MIB);
    const before = await hashDisk(file);

    await scribbleOn(file);

    expect(await hashDisk(file)).not.toBe(before);
    expect((await inspectDisk(file)).kind).toBe('bootable');
  });

  it.each([
    ['broken', breakDisk, 'boot sector has no 55 AA signature'],
    ['shrunk', (file: string) => truncate(file, 2 * MIB), 'file system is larger than the disk'],
    ['without allocation table', wipe('fatOffset'), 'file allocation table is damaged'],
    ['without root directory', wipe('rootOffset'), 'BANNER.TXT is missing'],
  ])('does not boot when %s', async (_what, damage, why) => {
    const file = await installed(8 * MIB);

    await damage(file);

    expect(await inspectDisk(file)).toEqual({ kind: 'unbootable', why });
  });

  it.each([0, 1 * MIB, 3000 * MIB])('of %i bytes is refused', (sizeBytes) => {
    expect(() => fat16Layout(sizeBytes)).toThrow(RangeError);
  });
});

function wipe(where: 'fatOffset' | 'rootOffset'): (file: string) => Promise<void> {
  return async (file) => {
    const disk = await open(file, 'r+');
    await disk.write(Buffer.alloc(512), 0, 512, fat16Layout(8 * MIB)[where]);
    await disk.close();
  };
}
