import { execFileSync } from 'node:child_process';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BenchBox, MIB } from './bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

/** What the original's tools make of an image. */
function gunzip(path: string): Buffer {
  return execFileSync('gunzip', ['-c', path], { maxBuffer: 256 * MIB });
}

it('publishes a first generation whose images gunzip to the raw disks', async () => {
  box = await BenchBox.make([
    { kernelName: 'sda', sizeBytes: 18 * MIB },
    { kernelName: 'nvme0n1', sizeBytes: 9 * MIB + 512 },
  ]);

  const bot = await box.run(await box.plan('backup'));

  expect(bot.violations).toEqual([]);
  expect(bot.ended).toMatchObject({ type: 'done', generation: 1 });
  expect(box.reboots).toBe(1);
  for (const name of ['sda', 'nvme0n1']) {
    const raw = gunzip(join(box.boxDirectory, `${name}.raw.gz`));
    expect(raw.equals(await readFile(box.diskFile(name)))).toBe(true);
  }
});

it('leaves the files the scheme asks for, images read-only', async () => {
  box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: 8 * MIB }]);

  await box.run(await box.plan('backup'), {
    settings: { codec: 'gzip', hostKeys: ['ssh-ed25519 AAAA'], shutdown: 'power' },
  });

  expect((await readdir(box.boxDirectory)).sort()).toEqual(
    [
      '0A28292A',
      'bench-1',
      'current',
      'generations',
      'jobs',
      'maintenance-output.log',
      'maintenance.log',
      'sda.raw.gz',
      'sda.raw.gz.index',
      'testbox-backup',
      'testbox-info.json',
      'testbox-info.txt',
    ].sort(),
  );
  expect(await readlink(join(box.boxDirectory, 'current'))).toBe('generations/000001');
  expect(await readlink(join(box.boxDirectory, 'sda.raw.gz'))).toBe('current/sda.raw.gz');
  expect(await readFile(join(box.boxDirectory, '0A28292A'), 'utf8')).toBe('10.40.41.42\n');
  expect(await readdir(join(box.boxDirectory, 'generations'))).toEqual(['000001']);
  const generation = join(box.boxDirectory, 'generations/000001');
  expect((await lstat(generation)).mode & 0o777).toBe(0o555);
  for (const name of await readdir(generation)) {
    expect((await lstat(join(generation, name))).mode & 0o777).toBe(0o444);
  }
  expect(await box.currentManifest()).toMatchObject({ hostKeys: ['ssh-ed25519 AAAA'], shutdown: 'power' });
  const log = await readFile(join(box.boxDirectory, 'maintenance.log'), 'utf8');
  expect(log).toMatch(/^={16} \S+: 10\.40\.41\.42: bench-1 starts a new session ={16}\n/);
  expect(log).toMatch(/: 10\.40\.41\.42: info: Backing up \/dev\/sda to .*\.\.\.\n/);
  expect(log).toMatch(/: info: 'backup' - done\n/);
});
