import { chmod, link, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { shareFiles } from '../../agent/durable.ts';
import { readJoblessState, saveJoblessState } from '../../agent/jobless/state.ts';
import { fillDisk, hashFile, MIB } from './bench-box.ts';
import { JoblessBox } from './jobless-box.ts';

let box: JoblessBox;
afterEach(() => box.bench.remove());

const SIZE = 5 * MIB;

async function oneDisk(): Promise<void> {
  box = await JoblessBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
}

async function backedUp(): Promise<void> {
  await oneDisk();
  await box.arm('backup');
  await box.boot('backup');
}

const stateOf = () => readJoblessState(box.bench.boxDirectory);

describe('an error without a bot', () => {
  it('is logged with the status of the original, waited out, and the boot config stays', async () => {
    await backedUp();
    await box.arm('backup');

    expect(await box.boot('backup')).toBe('rebooted');

    expect(box.waits).toEqual([300_000]);
    expect(await box.armed()).toBe(true);
    expect((await box.globalLog()).findLast((line) => line.includes('error'))).toMatch(
      /error: there is an image already \(generation 1\).* \(exit 18\)$/,
    );
  });

  it('defect 2: ends the cycle after three attempts, and the box stays reachable', async () => {
    await backedUp();
    await box.arm('backup');

    const boots = [await box.boot('backup'), await box.boot('backup'), await box.boot('backup')];
    const later = await box.boot('backup');

    expect(boots).toEqual(['rebooted', 'rebooted', 'stays']);
    expect(later).toBe('stays');
    expect(box.bench.console.join('\n')).toContain('3 attempts failed');
    expect((await box.globalLog()).at(-1)).toContain('3 attempts failed');
  });

  it('is tried anew when the boot config is written again', async () => {
    await backedUp();
    await box.arm('backup');
    for (let boot = 0; boot < 3; boot += 1) await box.boot('backup');

    await box.arm('backup-again');

    expect(await box.boot('backup-again')).toBe('rebooted');
    expect((await box.bench.currentManifest())?.generation).toBe(2);
  });

  it.each([
    ['is not there', async () => rm(box.configFile), 'wrong IP?'],
    ['is for another action', async () => box.arm('restore'), "does not say 'backup' without a job"],
    [
      'has a job',
      async () =>
        writeFile(
          box.configFile,
          (await readFile(box.configFile, 'utf8')).replace(
            ' ro ',
            ` ro testbox.job=7k3m9q2x testbox.nonce=${'a'.repeat(32)} `,
          ),
        ),
      "does not say 'backup' without a job",
    ],
  ])('is a boot config that %s', async (_what, change, words) => {
    await oneDisk();
    await box.arm('backup');
    await change();

    expect(await box.boot('backup')).toBe('rebooted');

    expect((await box.globalLog()).join()).toContain(words);
    expect(await box.bench.currentManifest()).toBeNull();
  });

  it.each(['share/testbox-backup', 'tftp/pxelinux.0'])(
    'without %s, the proof of a mount, is waited out in place',
    async (marker) => {
      await oneDisk();
      await box.arm('backup');
      const path = join(box.bench.folder, marker);
      await rm(path);
      box.onWait = () => writeFile(path, '');

      expect(await box.boot('backup')).toBe('rebooted');

      expect(box.waits).toEqual([300_000]);
      expect(await box.armed()).toBe(false);
    },
  );
});

describe('a boot config whose work is done', () => {
  it('is only removed when a power cut had kept it from going', async () => {
    await backedUp();
    await box.arm('backup-again');
    const kept = join(box.bench.folder, 'kept');
    await link(box.configFile, kept);
    await box.boot('backup-again');
    await rename(kept, box.configFile);

    expect(await box.boot('backup-again')).toBe('rebooted');

    expect((await box.bench.currentManifest())?.generation).toBe(2);
    expect(await box.armed()).toBe(false);
  });

  it('keeps the box from booting into it while it can not be removed', async () => {
    await oneDisk();
    await box.arm('refresh-info');
    const folder = join(box.configFile, '..');
    box.bench.onInspect = async () => {
      await rename(folder, `${folder}.away`);
      await writeFile(folder, 'a file where the folder was');
    };
    let rebootsAtWait = -1;
    box.onWait = async () => {
      rebootsAtWait = box.bench.reboots;
      await rm(folder);
      await rename(`${folder}.away`, folder);
    };

    expect(await box.boot('refresh-info')).toBe('rebooted');

    expect(rebootsAtWait).toBe(0);
    expect(await box.armed()).toBe(false);
    expect((await box.globalLog()).join()).toContain('(exit 99)');
  });

  it('is left alone when it was replaced meanwhile', async () => {
    await oneDisk();
    await box.arm('refresh-info');
    box.bench.onInspect = () => box.arm('backup');

    expect(await box.boot('refresh-info')).toBe('rebooted');

    expect(await readFile(box.configFile, 'utf8')).toContain('testbox-action-backup');
  });
});

describe('a half-written disk', () => {
  async function halfWritten(): Promise<string> {
    await backedUp();
    const original = await hashFile(box.bench.diskFile('sda'));
    await fillDisk(box.bench.diskFile('sda'), SIZE, 90);
    await box.arm('restore');
    const state = await stateOf();
    if (state === null) throw new Error('expected a state');
    await saveJoblessState(box.bench.boxDirectory, shareFiles, { ...state, dirty: ['sda'] });
    return original;
  }

  it('is ended by the next boot', async () => {
    const original = await halfWritten();

    expect(await box.boot('restore')).toBe('rebooted');

    expect(await hashFile(box.bench.diskFile('sda'))).toBe(original);
    expect((await stateOf())?.dirty).toEqual([]);
    expect(await box.armed()).toBe(false);
  });

  it('is neither backed up nor booted by another action', async () => {
    await halfWritten();
    await box.arm('backup-again');

    const boots = [
      await box.boot('backup-again'),
      await box.boot('backup-again'),
      await box.boot('backup-again'),
    ];

    expect(boots).toEqual(['rebooted', 'rebooted', 'stays']);
    expect(await box.armed()).toBe(true);
    expect((await box.bench.currentManifest())?.generation).toBe(1);
  });

  it('is not booted when somebody removed the boot config', async () => {
    await halfWritten();
    await truncate(await imagePath(), 100);
    box.onWait = () => rm(box.configFile);

    expect(await box.boot('restore')).toBe('stays');

    expect(box.bench.console.join('\n')).toContain('sda is half-written');
  });

  it('stays in the maintenance system when the attempts are used up', async () => {
    await halfWritten();
    await truncate(await imagePath(), 100);

    const boots = [await box.boot('restore'), await box.boot('restore'), await box.boot('restore')];

    expect(boots).toEqual(['rebooted', 'rebooted', 'stays']);
    expect(box.bench.console.join('\n')).toContain('sda is half-written');
  });

  it('is ended by a restore of a job, and keeps other jobs from their work', async () => {
    const original = await halfWritten();
    const { bench } = box;

    const backup = await bench.run(await bench.plan('backup-again'));
    const restore = await bench.run(await bench.plan('restore'));

    expect(backup.ended).toMatchObject({ type: 'failed', code: 'disk-half-written' });
    expect(restore.ended).toMatchObject({ type: 'done' });
    expect(await hashFile(bench.diskFile('sda'))).toBe(original);
    expect((await stateOf())?.dirty).toEqual([]);
  });

  async function imagePath(): Promise<string> {
    const path = join(box.bench.boxDirectory, 'generations/000001/sda.raw.gz');
    await chmod(path, 0o644);
    return path;
  }
});
