import { execFileSync } from 'node:child_process';
import { chmod, copyFile, open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../src/contract/plan.ts';
import { BenchBox, fillDisk, MIB, plainImage } from './bench-box.ts';
import { FakeBot } from './fake-bot.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SIZE = 9 * MIB;
const GENERATION = 'generations/000001';

async function backedUpBox(): Promise<BenchBox> {
  const made = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
  await made.run(await made.plan('backup'));
  await fillDisk(made.diskFile('sda'), SIZE, 99);
  return made;
}

async function flipBit(path: string, position: number): Promise<void> {
  await chmod(path, 0o644);
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  byte.writeUInt8(byte.readUInt8(0) ^ 1, 0);
  await file.write(byte, 0, 1, position);
  await file.close();
}

/** Runs it and expects the code, and that neither disks nor images were touched. */
async function expectRefusal(plan: PlanFacts, expected: { code: string; class: string }): Promise<FakeBot> {
  const before = await box.imagesAndDisks();

  const bot = await box.run(plan);

  expect(bot.violations).toEqual([]);
  expect(bot.ended).toMatchObject({ type: 'failed', ...expected });
  expect(bot.all('dirty')).toEqual([]);
  expect(await box.imagesAndDisks()).toEqual(before);
  return bot;
}

describe('a restore refuses, with nothing touched,', () => {
  it('defect 5: an image that is shorter than its index says', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const path = join(box.boxDirectory, GENERATION, 'sda.raw.gz');
    await truncate(path, (await stat(path)).size - 100);

    await expectRefusal(plan, { code: 'image-truncated', class: 'storage' });
  });

  it('defect 5: an image with a flipped bit', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const path = join(box.boxDirectory, GENERATION, 'sda.raw.gz');
    await flipBit(path, Math.floor((await stat(path)).size / 2));

    await expectRefusal(plan, { code: 'image-damaged', class: 'storage' });
  });

  it.each(['header', 'record', 'trailer'])('an index with a flipped bit in its %s', async (where) => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const path = join(box.boxDirectory, GENERATION, 'sda.raw.gz.index');
    const { size } = await stat(path);
    await flipBit(path, where === 'header' ? 30 : where === 'record' ? size - 60 : size - 1);

    await expectRefusal(plan, { code: 'index-damaged', class: 'storage' });
  });

  it('an index that is not there', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    await rm(join(box.boxDirectory, GENERATION, 'sda.raw.gz.index'));

    await expectRefusal(plan, { code: 'index-damaged', class: 'storage' });
  });

  it('an image that is not there', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    await rm(join(box.boxDirectory, GENERATION, 'sda.raw.gz'));

    await expectRefusal(plan, { code: 'image-missing', class: 'operator' });
  });

  it('defect 4: a plan without an image', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await writeFile(join(box.share, 'keep'), 'x');
    const bot = await box.run(await box.plan('restore'));

    expect(bot.ended).toMatchObject({ type: 'failed', code: 'image-missing', class: 'operator' });
  });

  it('an image other than the planned one', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const [disk] = plan.disks;
    if (disk?.image?.kind !== 'indexed') throw new Error('expected an indexed image');
    const other = { ...disk, image: { ...disk.image, indexHash: 'f'.repeat(64) } };

    await expectRefusal({ ...plan, disks: [other] }, { code: 'plan-mismatch', class: 'operator' });
  });

  it('a disk that is smaller than the data of the image', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const [disk] = box.description.disks;
    if (disk === undefined) throw new Error('expected a disk');
    await truncate(disk.file, 4 * MIB);
    box.description = { ...box.description, disks: [{ ...disk, sizeBytes: 4 * MIB }] };

    await expectRefusal(plan, { code: 'disk-too-small', class: 'box' });
  });

  it('a disk with sectors of another size', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const disks = box.description.disks.map((disk) => ({ ...disk, sectorSizeBytes: 4096 }));
    box.description = { ...box.description, disks };

    await expectRefusal(plan, { code: 'sector-size-differs', class: 'box' });
  });

  it('a disk that is in use', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const disks = box.description.disks.map((disk) => ({ ...disk, unusable: 'mounted at /' }));
    box.description = { ...box.description, disks };

    await expectRefusal(plan, { code: 'disk-busy', class: 'box' });
  });

  it('a disk that is not there', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    box.description = { ...box.description, disks: [] };

    await expectRefusal(plan, { code: 'disk-missing', class: 'box' });
  });

  it('two nodes with one identity', async () => {
    box = await backedUpBox();
    const plan = await box.plan('restore');
    const [disk] = box.description.disks;
    if (disk === undefined) throw new Error('expected a disk');
    box.description = { ...box.description, disks: [disk, { ...disk, kernelName: 'sdb' }] };

    await expectRefusal(plan, { code: 'disk-doubled', class: 'box' });
  });

  it.each([
    ['truncated', 'image-truncated'],
    ['damaged', 'image-damaged'],
    ['larger than the disk', 'disk-too-small'],
    ['changed since the plan', 'plan-mismatch'],
  ])('a plain image that is %s', async (how, code) => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await box.run(await box.plan('backup', { firstContact: true, disks: [] }));
    const path = join(box.boxDirectory, 'sda.gz');
    const source = join(box.folder, 'source');
    await copyFile(box.diskFile('sda'), source);
    if (how === 'larger than the disk') await truncate(source, SIZE + 512);
    await writeFile(path, execFileSync('gzip', ['-c', source], { maxBuffer: 64 * MIB }));
    const { size } = await stat(path);
    if (how === 'truncated') await truncate(path, size - 1000);
    if (how === 'damaged') await flipBit(path, Math.floor(size / 2));
    const plan = await box.plan('restore');
    const image = await plainImage(box.boxDirectory, 'sda.gz');
    if (how === 'changed since the plan') await writeFile(path, 'more', { flag: 'a' });
    const disks = plan.disks.map((disk) => ({ ...disk, image }));

    const bot = await expectRefusal({ ...plan, disks }, { code, class: expect.any(String) });

    expect(bot.reports.at(-1)).toMatchObject({ type: 'failed' });
  });
});

describe('a backup refuses, with nothing touched,', () => {
  it('to write over a current generation', async () => {
    box = await backedUpBox();

    await expectRefusal(await box.plan('backup'), { code: 'image-exists', class: 'operator' });
  });

  it.each(['sda.raw.gz', 'sda.gz'])('to write beside an image of the original named %s', async (name) => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await box.run(await box.plan('backup', { action: 'rescue' }));
    await writeFile(join(box.boxDirectory, name), 'an image');

    await expectRefusal(await box.plan('backup'), { code: 'image-exists', class: 'operator' });
  });

  it('a share that is not mounted', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await rm(join(box.share, 'testbox-backup'));

    await expectRefusal(await box.plan('backup'), { code: 'share-not-mounted', class: 'storage' });
  });

  it('a plan whose current generation is not the one on the share', async () => {
    box = await backedUpBox();
    const plan = await box.plan('backup-again', { currentGeneration: 7 });

    await expectRefusal(plan, { code: 'plan-mismatch', class: 'operator' });
  });

  it('a share without the space that must stay free', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    const before = await box.imagesAndDisks();
    const bot = await FakeBot.start(await box.plan('backup'));

    await box.start(bot, { keepFreeBytes: Number.MAX_SAFE_INTEGER }).ended;
    await bot.stop();

    expect(bot.ended).toMatchObject({ type: 'failed', code: 'no-space', class: 'storage' });
    expect(await box.imagesAndDisks()).toMatchObject(before);
  });

  it('a disk that ends before its size, leaving nothing behind', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    const plan = await box.plan('backup');
    await truncate(box.diskFile('sda'), 5 * MIB);

    const bot = await box.run(plan);

    expect(bot.ended).toMatchObject({ type: 'failed', code: 'disk-failed', class: 'box' });
    expect(Object.keys(await box.imagesAndDisks()).filter((name) => name.includes('raw.gz'))).toEqual([]);
  });

  it('a digest that is not the plan’s', async () => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);

    const bot = await box.run(await box.plan('backup'), { digest: '0'.repeat(64) });

    expect(bot.ended).toMatchObject({ type: 'failed', class: 'bug', code: 'plan-mismatch' });
  });
});
