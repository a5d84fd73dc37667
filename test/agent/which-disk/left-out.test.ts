import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 4 * MIB;
const slots = async () => (await box.currentManifest())?.disks.map(({ slot }) => slot);

it.each(['USB', 'removable', 'read-only', 'no medium'])(
  'defect 7: a disk that is %s is neither imaged nor overwritten, and that is said',
  async (unusable) => {
    box = await BenchBox.make([
      { kernelName: 'sda', sizeBytes: SIZE },
      { kernelName: 'sdb', sizeBytes: SIZE, unusable },
    ]);
    const bot = await box.run(await box.plan('backup', { firstContact: true, disks: [] }));
    await fillDisk(box.diskFile('sda'), SIZE, 60);
    const stick = await hashFile(box.diskFile('sdb'));

    await box.run(await box.plan('restore'));

    expect(await slots()).toEqual(['sda']);
    expect(bot.all('log').map(({ message }) => message)).toContainEqual(
      expect.stringMatching(new RegExp(`^Left out sdb: .*: ${unusable}$`)),
    );
    expect(await hashFile(box.diskFile('sdb'))).toBe(stick);
  },
);

it.each(['/dev/sdb\n/dev/sdc\n', '/dev/sdb /dev/sdc', 'sdb\tsdc # data'])(
  'defect 6: disk-devices.lst restricts a first contact: %j',
  async (text) => {
    box = await BenchBox.make(['sda', 'sdb', 'sdc'].map((kernelName) => ({ kernelName, sizeBytes: SIZE })));
    await mkdir(box.boxDirectory);
    await writeFile(join(box.boxDirectory, 'disk-devices.lst'), text);

    await box.run(await box.plan('backup', { firstContact: true, disks: [] }));

    expect(await slots()).toEqual(['sdb', 'sdc']);
  },
);
