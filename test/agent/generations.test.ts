import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ShareFiles, shareFiles } from '../../agent/durable.ts';
import { beginGeneration, publishGeneration, readCurrent } from '../../agent/generations.ts';
import { JobId } from '../../src/contract/ids.ts';
import { Manifest } from '../../src/contract/manifest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-generations-'));
  await mkdir(join(folder, 'generations'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function manifest(generation: number): Manifest {
  const identity = { wwn: null, model: null, serial: 'S', path: null };
  return Manifest.parse({
    version: 1,
    generation,
    job: '7k3m9q2x',
    action: 'backup',
    testbox: { name: 'b', address: '10.40.41.42' },
    createdAt: '2026-11-22T17:28:55.000Z',
    shutdown: 'clean',
    hostKeys: [],
    disks: [
      {
        slot: 'sda',
        file: 'sda.raw.gz',
        indexFile: 'sda.raw.gz.index',
        indexHash: 'a'.repeat(64),
        codec: 'gzip',
        sizeBytes: 1,
        sectorSizeBytes: 512,
        codedBytes: 1,
        identity,
        kernelName: 'sda',
        origin: generation,
      },
    ],
  });
}

/** Records what is done to the share, and can lose power before a step. */
function watchedFiles(steps: string[], cutBefore = Number.POSITIVE_INFINITY): ShareFiles {
  const step = async (words: string, act: () => Promise<void>) => {
    if (steps.length >= cutBefore) throw new Error('power cut');
    steps.push(words);
    await act();
  };
  return {
    writeNew: (path, text) => step(`write ${basename(path)}`, () => shareFiles.writeNew(path, text)),
    syncDirectory: (path) => step(`sync ${basename(path)}`, () => shareFiles.syncDirectory(path)),
    rename: (from, to) => step(`rename to ${basename(to)}`, () => shareFiles.rename(from, to)),
    symlink: (target, path) => step(`link ${basename(path)}`, () => shareFiles.symlink(target, path)),
    chmod: (path, mode) => step(`chmod ${basename(path)}`, () => shareFiles.chmod(path, mode)),
  };
}

async function publish(generation: number, files: ShareFiles): Promise<void> {
  const partial = join(folder, 'generations', `.partial-7k3m9q2x.${generation}`);
  await mkdir(partial);
  await publishGeneration({ boxDirectory: folder, partial, manifest: manifest(generation), files });
}

it('flushes a generation before it gets its name, and that before it becomes current', async () => {
  const steps: string[] = [];

  await publish(1, watchedFiles(steps));

  expect(steps).toEqual([
    'write manifest.json',
    'chmod .partial-7k3m9q2x.1',
    'sync .partial-7k3m9q2x.1',
    'rename to 000001',
    'sync generations',
    'link current.partial-link',
    'rename to current',
    'link sda.raw.gz',
    'link sda.raw.gz.index',
    `sync ${basename(folder)}`,
  ]);
});

it.each([0, 1, 2, 3, 4, 5, 6, 7])(
  'has a whole current generation after a power cut before step %i',
  async (cut) => {
    await publish(1, shareFiles);

    await publish(2, watchedFiles([], cut)).catch(() => undefined);

    const current = await readCurrent(folder);
    expect(await readlink(join(folder, 'current'))).toBe(`generations/00000${current?.generation}`);
    expect(current?.generation).toBe(cut > 6 ? 2 : 1);
  },
);

it('goes on with the newest of what its own job left, and with no more of it than it can use', async () => {
  const left = ['.partial-7k3m9q2x.2', '.partial-7k3m9q2x.10', '.partial-8k3m9q2x.1'];
  for (const name of left) {
    const directory = join(folder, 'generations', name);
    await mkdir(directory);
    for (const file of ['sda.raw.gz', 'manifest.json']) await writeFile(join(directory, file), name);
    await chmod(directory, 0o555);
  }

  const directory = await beginGeneration({
    boxDirectory: folder,
    job: JobId.parse('7k3m9q2x'),
    attempt: 11,
    files: shareFiles,
    goOnWith: ['sda.raw.gz', 'sda.raw.gz.index'],
  });

  expect(basename(directory)).toBe('.partial-7k3m9q2x.11');
  expect(await readdir(directory)).toEqual(['sda.raw.gz']);
  expect(await readFile(join(directory, 'sda.raw.gz'), 'utf8')).toBe('.partial-7k3m9q2x.10');
  expect((await readdir(join(folder, 'generations'))).sort()).toEqual([
    '.partial-7k3m9q2x.11',
    '.partial-8k3m9q2x.1',
  ]);
  await writeFile(join(directory, 'more'), '');
});
