import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openDiskFile } from '../../../agent/machine/open-files.ts';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';
import { attach, detach, whyNoLoopDevices } from './loop-devices.ts';

const why = whyNoLoopDevices();
if (why !== null) console.warn(`Skipped: restores onto loop devices (${why})`);

const SIZE = 18 * MIB;

describe.skipIf(why !== null)('onto a block device', () => {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  /** A box with a backup of a half-empty disk, which then got other data and is a block device. */
  async function backedUpBox(how: { sizeBytes: number; sectorBytes: number; deviceBytes?: number }) {
    const { sizeBytes, sectorBytes } = how;
    const box = await BenchBox.make([{ kernelName: 'sda', sizeBytes, sectorSizeBytes: sectorBytes }]);
    undo.push(() => box.remove());
    const file = box.diskFile('sda');
    await writeAt(file, sizeBytes - sectorBytes, 'the last sector');
    const original = await hashFile(file);
    await box.run(await box.plan('backup'));
    await fillFully(file, sizeBytes);
    const device = attach(file, { sectorBytes, sizeBytes: how.deviceBytes ?? sizeBytes });
    undo.push(() => detach(device));
    box.machine = {
      openDisk: (_kernelName, access) => openDiskFile(device, { access, exclusive: true }),
    };
    return { box, file, device, original };
  }

  it.each([
    { sectorBytes: 512, sizeBytes: SIZE },
    { sectorBytes: 512, sizeBytes: SIZE + 1536 },
    { sectorBytes: 4096, sizeBytes: SIZE },
    { sectorBytes: 4096, sizeBytes: SIZE + 3 * 4096 },
  ])('with sectors of $sectorBytes and $sizeBytes bytes', async (how) => {
    const { box, file, original } = await backedUpBox(how);

    const bot = await box.run(await box.plan('restore'));

    expect(bot.ended).toMatchObject({ type: 'done' });
    execFileSync('sync', [file]);
    expect(await hashFile(file)).toBe(original);
  });

  it('leaves holes for zeros in the file behind it', async () => {
    const { box, file } = await backedUpBox({ sectorBytes: 512, sizeBytes: SIZE });
    const before = await stat(file);

    const bot = await box.run(await box.plan('restore'));

    expect(before.blocks * 512).toBeGreaterThanOrEqual(SIZE);
    expect((await stat(file)).blocks * 512).toBeLessThan(0.8 * SIZE);
    expect(bot.all('done')[0]?.disks[0]?.approach).toMatchObject({ zeroedBytes: 4 * MIB, rewrittenBytes: 0 });
  });

  it('trims it first where the settings say so, and trusts nothing that it held', async () => {
    const { box, file, original } = await backedUpBox({ sectorBytes: 512, sizeBytes: SIZE });
    const settings = { codec: 'gzip', hostKeys: [], shutdown: 'clean', discard: true } as const;

    const bot = await box.run(await box.plan('restore'), { settings: { ...settings, hostKeys: [] } });

    expect(bot.ended).toMatchObject({ type: 'done' });
    execFileSync('sync', [file]);
    expect(await hashFile(file)).toBe(original);
    expect(bot.all('done')[0]?.disks[0]?.approach).toMatchObject({
      comparedBytes: 0,
      blindBytes: SIZE,
      zeroedBytes: 4 * MIB,
    });
    expect(bot.all('log').filter(({ level }) => level !== 'info')).toEqual([]);
    const said = bot.all('log').map(({ message }) => message);
    expect(said).toContain('Trimming /dev/sda first...');
    expect(said).toContainEqual(expect.stringContaining('All of sda was written without comparing.'));
  });

  it('that is one sector smaller than it says fails as the box, and says what is half-written', async () => {
    const { box } = await backedUpBox({ sectorBytes: 512, sizeBytes: SIZE, deviceBytes: SIZE - 512 });

    const bot = await box.run(await box.plan('restore'));

    expect(bot.ended).toMatchObject({
      type: 'failed',
      class: 'box',
      code: 'disk-failed',
      message: expect.stringContaining('sda is half-written'),
    });
    expect(bot.dirty).toEqual(['sda']);
  });

  it('that is one sector smaller than the image is left alone when data lies there', async () => {
    const { box } = await backedUpBox({ sectorBytes: 512, sizeBytes: SIZE, deviceBytes: SIZE - 512 });
    const [disk] = box.description.disks;
    if (disk === undefined) throw new Error('expected a disk');
    const plan = await box.plan('restore');
    const before = await hashFile(disk.file);
    box.description = { ...box.description, disks: [{ ...disk, sizeBytes: SIZE - 512 }] };

    const disks = plan.disks.map((planned) => ({
      ...planned,
      disk: planned.disk === null ? null : { ...planned.disk, sizeBytes: SIZE - 512 },
    }));
    const bot = await box.run({ ...plan, disks });

    expect(bot.ended).toMatchObject({ type: 'failed', code: 'disk-too-small' });
    expect(bot.all('dirty')).toEqual([]);
    expect(await hashFile(disk.file)).toBe(before);
  });
});

describe.skipIf(why !== null)('onto a block device that fails', () => {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  /** A box with a backup, whose disk is the block device that `make` gives. */
  async function boxOn(make: (box: BenchBox) => string | Promise<string>) {
    const box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    undo.push(() => box.remove());
    await fillFully(box.diskFile('sda'), SIZE);
    await box.run(await box.plan('backup'));
    const device = await make(box);
    undo.push(() => detach(device));
    box.machine = {
      openDisk: (_kernelName, access) => openDiskFile(device, { access, exclusive: true }),
    };
    return { box, device };
  }

  it('to read gives up comparing there, writes, and says so', async () => {
    const { box } = await boxOn(async (made) => {
      const file = made.diskFile('sda');
      const device = attach(file);
      // What the file behind it does not have, it can not read, until it is written.
      await truncate(file, 9 * MIB);
      return device;
    });
    const original = await hashOfBackup(box);

    const bot = await box.run(await box.plan('restore'));

    expect(bot.ended).toMatchObject({ type: 'done' });
    const outcome = bot.all('done')[0]?.disks[0];
    expect(outcome?.approach).toMatchObject({ avoidedRegions: 1 });
    // The first two chunks could be read.
    expect(outcome?.writtenBytes).toBeGreaterThanOrEqual(SIZE - 8 * MIB);
    expect(bot.all('log').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('In 1 place the disk could not be read, or very slowly'),
    );
    execFileSync('sync', [box.diskFile('sda')]);
    expect(await hashFile(box.diskFile('sda'))).toBe(original);
  });

  it('to write is the failure of the box, half-written', async () => {
    const { box } = await boxOn(async ({ folder }) => {
      const place = join(folder, 'full');
      await mkdir(place);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'none', place]);
      undo.push(() => execFileSync('umount', [place]));
      const file = join(place, 'disk');
      await truncate(await newFile(file), SIZE);
      return attach(file);
    });

    const bot = await box.run(await box.plan('restore'));

    expect(bot.ended).toMatchObject({
      type: 'failed',
      class: 'box',
      code: expect.stringMatching(/^disk-(?:write-)?failed$/),
      message: expect.stringContaining('sda is half-written'),
    });
    expect(bot.dirty).toEqual(['sda']);
  });
});

/** What a whole restore has to bring. */
async function hashOfBackup(box: BenchBox): Promise<string> {
  const raw = gunzipSync(await readFile(join(box.boxDirectory, 'current', 'sda.raw.gz')));
  return createHash('sha256').update(raw).digest('hex');
}

async function newFile(path: string): Promise<string> {
  await writeFile(path, '');
  return path;
}

/** Data in all of it, so that no hole is left by chance. */
async function fillFully(file: string, sizeBytes: number): Promise<void> {
  await fillDisk(file, sizeBytes * 2, 99);
  await truncate(file, sizeBytes);
}

async function writeAt(file: string, position: number, text: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(text, position);
  await handle.close();
}
