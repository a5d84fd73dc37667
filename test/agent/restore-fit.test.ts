import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../src/contract/plan.ts';
import { BenchBox, fillDisk, MIB } from './bench-box.ts';
import { partition } from './imaging/gpt-disk.ts';

const IMAGE = 10 * MIB;
const LARGER = 12 * MIB;
const SECTOR = 512;

let box: BenchBox;
afterEach(() => box.remove());

/** A box whose image has a GPT, and whose disk is another, larger one now, with an old backup GPT header. */
async function grownBox(): Promise<{ image: Buffer; file: string }> {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: IMAGE }]);
  const file = box.diskFile('sda');
  const image = await readFile(file);
  partition(image, SECTOR);
  await writeFile(file, image);
  await box.run(await box.plan('backup'));
  await fillDisk(file, LARGER * 2, 55);
  await truncate(file, LARGER);
  const old = await open(file, 'r+');
  await old.write('EFI PART', LARGER - SECTOR);
  await old.close();
  const [disk] = box.description.disks;
  if (disk === undefined) throw new Error('expected a disk');
  box.description = { ...box.description, disks: [{ ...disk, sizeBytes: LARGER }] };
  return { image, file };
}

async function restored(changes: Partial<PlanFacts>) {
  const bot = await box.run(await box.plan('restore', changes));
  expect(bot.violations).toEqual([]);
  return { outcome: bot.all('done')[0]?.disks[0], said: bot.all('log').map(({ message }) => message) };
}

describe('a restore onto a larger disk', () => {
  it('leaves what lies behind the image as it is, and says so', async () => {
    const { image, file } = await grownBox();
    const before = await readFile(file);

    const { outcome, said } = await restored({});

    const held = await readFile(file);
    expect(held.subarray(0, IMAGE).equals(image)).toBe(true);
    expect(held.subarray(IMAGE).equals(before.subarray(IMAGE))).toBe(true);
    expect(outcome).not.toHaveProperty('fit');
    expect(said).toContain(
      'The disk of sda is 2.1 MB larger than its image; what lies behind the image stays as it is.',
    );
  });

  it('that shall fit moves the backup GPT header to its end, and says what it wiped', async () => {
    const { image, file } = await grownBox();

    const { outcome, said } = await restored({ fit: true });

    const held = await readFile(file);
    const backup = held.subarray(LARGER - SECTOR);
    expect(backup.toString('latin1', 0, 8)).toBe('EFI PART');
    expect(Number(backup.readBigUInt64LE(24))).toBe(LARGER / SECTOR - 1);
    expect(Number(held.readBigUInt64LE(SECTOR + 32))).toBe(LARGER / SECTOR - 1);
    const between = [2 * SECTOR, IMAGE - SECTOR] as const;
    expect(held.subarray(...between).equals(image.subarray(...between))).toBe(true);
    expect(outcome?.fit).toEqual({ tailBytes: 2 * MIB, wiped: ['backup GPT header'], gpt: 'moved' });
    expect(said).toContain(
      "The disk of sda is 2.1 MB larger than its image; wiped behind it: backup GPT header. Its backup GPT header is at the disk's end now.",
    );
  });
});

it('a restore onto a disk of the same size has nothing to fit', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: IMAGE }]);
  await box.run(await box.plan('backup'));

  const { outcome, said } = await restored({ fit: true });

  expect(outcome).not.toHaveProperty('fit');
  expect(said).toContain('The disk of sda is no larger than its image: there is nothing to fit.');
});
