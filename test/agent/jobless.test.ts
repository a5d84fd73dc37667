import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fillDisk, hashFile, MIB } from './bench-box.ts';
import { JoblessBox } from './jobless-box.ts';

let box: JoblessBox;
afterEach(() => box.bench.remove());

const SIZE = 5 * MIB;
const TWO_DISKS = [
  { kernelName: 'sda', sizeBytes: SIZE },
  { kernelName: 'sdb', sizeBytes: SIZE },
];

async function boxWithDisks(disks = TWO_DISKS): Promise<void> {
  box = await JoblessBox.make(disks);
}

async function run(action: Parameters<JoblessBox['boot']>[0]): Promise<'rebooted' | 'stays'> {
  await box.arm(action);
  return await box.boot(action);
}

const disks = () => Promise.all(['sda', 'sdb'].map((name) => hashFile(box.bench.diskFile(name))));

describe('a boot config without a job', () => {
  it('backs up all disks, logs as the original does, removes itself and reboots', async () => {
    await boxWithDisks();

    expect(await run('backup')).toBe('rebooted');

    expect((await box.bench.currentManifest())?.disks.map(({ slot }) => slot)).toEqual(['sda', 'sdb']);
    expect(await box.armed()).toBe(false);
    expect(await box.globalLog()).toEqual([
      '10.40.41.42: bench-1 says hi.',
      "10.40.41.42: info: Executing 'backup'.",
      "10.40.41.42: info: 'backup' - done",
      '10.40.41.42: info: rebooting',
    ]);
    const log = await box.boxLog();
    expect(log[0]).toBe('================ 10.40.41.42: bench-1 starts a new session ================');
    expect(log).toContain(`10.40.41.42: info: removed ${box.configFile}`);
    expect(log.some((line) => line.startsWith('10.40.41.42: info: Backing up /dev/sda to '))).toBe(true);
  });

  it('restores all disks', async () => {
    await boxWithDisks();
    const before = await disks();
    await run('backup');
    await fillDisk(box.bench.diskFile('sda'), SIZE, 70);
    await fillDisk(box.bench.diskFile('sdb'), SIZE, 71);

    expect(await run('restore')).toBe('rebooted');

    expect(await disks()).toEqual(before);
  });

  it('makes the next generation at a backup-again, and at a second one by the same text', async () => {
    await boxWithDisks();
    await run('backup');
    await run('backup-again');

    expect(await run('backup-again')).toBe('rebooted');

    expect((await box.bench.currentManifest())?.generation).toBe(3);
  });

  it('refreshes the inventory', async () => {
    await boxWithDisks();

    expect(await run('refresh-info')).toBe('rebooted');

    expect(await readFile(join(box.bench.boxDirectory, 'testbox-info.txt'), 'utf8')).toContain('IP: ');
    expect(await box.armed()).toBe(false);
  });

  it('keeps its file and does not reboot at a rescue', async () => {
    await boxWithDisks();

    expect(await run('rescue')).toBe('stays');

    expect(await box.armed()).toBe(true);
  });

  it('is refused where agent.json does not allow it', async () => {
    await boxWithDisks();
    const { bench } = box;
    await box.arm('backup');

    const run = bench.startJobless('backup', {}, false);
    run.end();
    await run.ended;

    expect(bench.console.join()).toContain('agent.json does not allow it');
    expect(bench.reboots).toBe(0);
    expect(await readdir(bench.share)).toEqual(['testbox-backup']);
  });
});

describe('the source of a restore without a job', () => {
  async function plainImage(name: string, seed: number): Promise<string> {
    const source = join(box.bench.folder, 'source');
    await fillDisk(source, SIZE, seed);
    await mkdir(box.bench.boxDirectory, { recursive: true });
    await writeFile(
      join(box.bench.boxDirectory, name),
      execFileSync('gzip', ['-c', source], { maxBuffer: 64 * MIB }),
    );
    return await hashFile(source);
  }

  it('is the plain .raw.gz before the plain .gz', async () => {
    await boxWithDisks([{ kernelName: 'sda', sizeBytes: SIZE }]);
    const first = await plainImage('sda.raw.gz', 80);
    await plainImage('sda.gz', 81);

    expect(await run('restore')).toBe('rebooted');

    expect(await hashFile(box.bench.diskFile('sda'))).toBe(first);
  });

  it('is the current generation before a plain image', async () => {
    await boxWithDisks([{ kernelName: 'sda', sizeBytes: SIZE }]);
    const disk = await hashFile(box.bench.diskFile('sda'));
    await run('backup');
    await plainImage('sda.gz', 82);
    await fillDisk(box.bench.diskFile('sda'), SIZE, 83);

    await run('restore');

    expect(await hashFile(box.bench.diskFile('sda'))).toBe(disk);
  });

  it('is the generation that a plain image became', async () => {
    await boxWithDisks([{ kernelName: 'sda', sizeBytes: SIZE }]);
    await plainImage('sda.gz', 84);
    await run('backup-again');
    await rm(join(box.bench.boxDirectory, 'current'));
    await rm(join(box.bench.boxDirectory, 'generations/000002'), { recursive: true });
    execFileSync('ln', ['-s', 'generations/000001', join(box.bench.boxDirectory, 'current')]);
    const old = join(box.bench.folder, 'source');
    await fillDisk(box.bench.diskFile('sda'), SIZE, 85);

    await run('restore');

    expect(await hashFile(box.bench.diskFile('sda'))).toBe(await hashFile(old));
  });

  it('defect 4: that is not there is an error, and nothing is called done', async () => {
    await boxWithDisks([{ kernelName: 'sda', sizeBytes: SIZE }]);
    const before = await hashFile(box.bench.diskFile('sda'));

    expect(await run('restore')).toBe('rebooted');

    expect(box.waits).toEqual([300_000]);
    expect(await box.armed()).toBe(true);
    expect((await box.globalLog()).join()).toContain('error: there is no image of this box to restore');
    expect((await box.boxLog()).join()).not.toContain('done');
    expect(await hashFile(box.bench.diskFile('sda'))).toBe(before);
  });

  it('for two disks needs disk-devices.lst when only kernel names tell them apart', async () => {
    await boxWithDisks();
    const first = await plainImage('sda.gz', 86);
    const second = await plainImage('sdb.gz', 87);
    const refused = await run('restore');
    const untouched = await disks();
    await writeFile(join(box.bench.boxDirectory, 'disk-devices.lst'), '/dev/sda\n/dev/sdb\n');

    const accepted = await run('restore');

    expect([refused, accepted]).toEqual(['rebooted', 'rebooted']);
    expect(untouched).not.toContain(first);
    expect(await disks()).toEqual([first, second]);
  });
});

describe('disk-devices.lst', () => {
  it.each(['/dev/sdb\n', 'sdb', '/dev/sdb # the data disk\n'])(
    'defect 6: restricts a backup to its devices: %j',
    async (text) => {
      await boxWithDisks();
      await mkdir(box.bench.boxDirectory);
      await writeFile(join(box.bench.boxDirectory, 'disk-devices.lst'), text);

      await run('backup');

      expect((await box.bench.currentManifest())?.disks.map(({ slot }) => slot)).toEqual(['sdb']);
    },
  );

  it.each(['/dev/sda /dev/sdb', '/dev/sda\n/dev/sdb\n'])(
    'defect 6: names several on one or several lines: %j',
    async (text) => {
      await boxWithDisks();
      await mkdir(box.bench.boxDirectory);
      await writeFile(join(box.bench.boxDirectory, 'disk-devices.lst'), text);

      await run('backup');

      expect((await box.bench.currentManifest())?.disks.map(({ slot }) => slot)).toEqual(['sda', 'sdb']);
    },
  );

  it('that names a device which is not there is an error', async () => {
    await boxWithDisks();
    await mkdir(box.bench.boxDirectory);
    await writeFile(join(box.bench.boxDirectory, 'disk-devices.lst'), 'sdq');

    await run('backup');

    expect((await box.globalLog()).join()).toContain('the disk of sdq is not there');
    expect(await box.bench.currentManifest()).toBeNull();
  });
});
