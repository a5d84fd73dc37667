import { execFileSync } from 'node:child_process';
import { lstat, mkdir, open, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, fillDisk, hashFile, MIB } from './bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

async function backedUpBox(): Promise<void> {
  box = await BenchBox.make([
    { kernelName: 'sda', sizeBytes: 8 * MIB },
    { kernelName: 'sdb', sizeBytes: 8 * MIB },
  ]);
  await box.run(await box.plan('backup'));
}

it('makes the next generation and keeps the old one', async () => {
  await backedUpBox();
  const old = await hashFile(join(box.boxDirectory, 'generations/000001/sda.raw.gz'));
  await fillDisk(box.diskFile('sda'), 8 * MIB, 50);

  // Another job: the first one would only find its own generation.
  box.useJob('8k3m9q2x');
  const bot = await box.run(await box.plan('backup-again'));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
  expect(await hashFile(join(box.boxDirectory, 'generations/000001/sda.raw.gz'))).toBe(old);
  expect(await hashFile(join(box.boxDirectory, 'sda.raw.gz'))).not.toBe(old);
});

it('takes over what is unchanged, and says how much of the image that is', async () => {
  await backedUpBox();
  box.useJob('8k3m9q2x');

  const bot = await box.run(await box.plan('backup-again', { onlySlots: ['sda'] }));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
  // One chunk of data, and one of zeros, whose member is written as always.
  expect(box.console.join('\n')).toMatch(
    /\(\d+ bytes, [1-9]\d{6,} taken over unchanged from generation 1, \d{4} coded by/,
  );
  const [first, second] = await Promise.all(
    ['000001', '000002'].map((name) => hashFile(join(box.boxDirectory, 'generations', name, 'sda.raw.gz'))),
  );
  expect(second).toBe(first);
});

it('tells of damage in the last generation, and does not take it over', async () => {
  await backedUpBox();
  const old = join(box.boxDirectory, 'generations/000001/sda.raw.gz');
  const undamaged = await hashFile(old);
  await using file = await open(old, 'r+');
  await file.write(Buffer.from('damage'), 0, 6, 1_000);
  box.useJob('8k3m9q2x');

  await box.run(await box.plan('backup-again', { onlySlots: ['sda'] }));

  expect(box.console.join('\n')).toContain('Generation 1 is damaged: 1 chunks of it are not what its index');
  expect(await hashFile(join(box.boxDirectory, 'sda.raw.gz'))).toBe(undamaged);
});

it('codes all anew where the last index can not be gone by, and says why', async () => {
  await backedUpBox();
  await rm(join(box.boxDirectory, 'generations/000001/sda.raw.gz.index'), { force: true });
  box.useJob('8k3m9q2x');

  const bot = await box.run(await box.plan('backup-again', { onlySlots: ['sda'] }));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
  expect(box.console.join('\n')).toContain('The image of sda in generation 1 is no help');
});

it('links disks that are not captured this time, and keeps their origin', async () => {
  await backedUpBox();
  box.useJob('8k3m9q2x');

  await box.run(await box.plan('backup-again', { onlySlots: ['sda'] }));

  const manifest = await box.currentManifest();
  expect(manifest?.disks.map(({ slot, origin }) => [slot, origin])).toEqual([
    ['sda', 2],
    ['sdb', 1],
  ]);
  const [first, second] = await Promise.all(
    ['000001', '000002'].map((name) => lstat(join(box.boxDirectory, 'generations', name, 'sdb.raw.gz'))),
  );
  expect(first?.ino).toBe(second?.ino);
});

it('finishes a publication of its own job that a power cut interrupted', async () => {
  await backedUpBox();
  await rm(join(box.boxDirectory, 'current'));

  const bot = await box.run(await box.plan('backup', { currentGeneration: null }));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 1, disks: [{ slot: 'sda' }, { slot: 'sdb' }] });
  expect((await box.currentManifest())?.generation).toBe(1);
});

it('numbers a generation above one of another job that never became current', async () => {
  await backedUpBox();
  await rm(join(box.boxDirectory, 'current'));
  await mkdir(join(box.boxDirectory, 'generations/000002'));
  await symlink('generations/000001', join(box.boxDirectory, 'current'));
  box.useJob('8k3m9q2x');

  const bot = await box.run(await box.plan('backup-again'));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 3 });
});

it.each(['sda.raw.gz', 'sda.gz'])(
  'first keeps an image of the original named %s as a generation',
  async (name) => {
    box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);
    await box.run(await box.plan('rescue'));
    const old = execFileSync('gzip', ['-c', box.diskFile('sda')], { maxBuffer: 64 * MIB });
    await writeFile(join(box.boxDirectory, name), old);
    await fillDisk(box.diskFile('sda'), 8 * MIB, 60);

    const bot = await box.run(await box.plan('backup-again'));

    expect(bot.ended).toMatchObject({ type: 'done', generation: 2 });
    expect(await readFile(join(box.boxDirectory, 'generations/000001/sda.raw.gz'))).toEqual(old);
    expect(await readlink(join(box.boxDirectory, name))).toBe('current/sda.raw.gz');
    expect(
      execFileSync('gunzip', ['-c', join(box.boxDirectory, 'sda.raw.gz')], { maxBuffer: 64 * MIB }),
    ).toEqual(await readFile(box.diskFile('sda')));
  },
);

it('leaves a damaged image of the original where it is', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);
  await box.run(await box.plan('rescue'));
  await writeFile(join(box.boxDirectory, 'sda.gz'), 'not gzip');

  const bot = await box.run(await box.plan('backup-again'));

  expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
  expect(await readFile(join(box.boxDirectory, 'sda.gz'), 'utf8')).toBe('not gzip');
});
