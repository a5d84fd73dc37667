import { afterEach, expect, it } from 'vitest';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

it.each(['nvme0n1', 'vda', 'mmcblk0', 'hda', 'xvda'])(
  'defect 7: a disk that the kernel calls %s is backed up and restored',
  async (kernelName) => {
    box = await BenchBox.make([{ kernelName, sizeBytes: 5 * MIB }]);
    await box.run(await box.plan('backup', { firstContact: true, disks: [] }));
    const original = await hashFile(box.diskFile(kernelName));
    await fillDisk(box.diskFile(kernelName), 5 * MIB, 70);

    const bot = await box.run(await box.plan('restore'));

    expect((await box.currentManifest())?.disks).toMatchObject([
      { slot: kernelName, file: `${kernelName}.raw.gz` },
    ]);
    expect(bot.ended?.type).toBe('done');
    expect(await hashFile(box.diskFile(kernelName))).toBe(original);
  },
);
