import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkBoxDirectories } from '../../src/storage/box-directories.ts';
import { prepareBox } from '../../src/storage/prepare-box.ts';
import { PLUTO, shareTree } from './share-tree.ts';

const umask = process.umask();
afterEach(() => {
  process.umask(umask);
});

describe('prepareBox', () => {
  it('makes the directory of a new box with its marker, for everybody to read', async () => {
    const { backupRoot } = shareTree();
    process.umask(0o077);

    expect(await prepareBox(backupRoot, PLUTO)).toEqual({ kind: 'ready' });

    const directory = join(backupRoot, PLUTO);
    expect(statSync(directory).mode & 0o777).toBe(0o755);
    expect(statSync(join(directory, 'testbox-backup')).mode & 0o777).toBe(0o644);
    expect(await checkBoxDirectories(backupRoot, [PLUTO])).toEqual([]);
  });

  it('makes no other file even for a moment, so that a kill can leave none behind', async () => {
    const { backupRoot } = shareTree();
    const directory = join(backupRoot, PLUTO);
    mkdirSync(directory);
    const seen = new Set<string | null>();
    const watcher = watch(directory, (_event, name) => seen.add(name));

    await prepareBox(backupRoot, PLUTO);

    // Events come in their order: with this one there, all before it are.
    writeFileSync(join(directory, 'the last one'), '');
    await vi.waitUntil(() => seen.has('the last one'), { timeout: 60_000 });
    watcher.close();
    expect([...seen].sort()).toEqual(['testbox-backup', 'the last one']);
  });

  it('changes nothing in one that is there, and adds a missing marker', async () => {
    const { backupRoot } = shareTree();
    const directory = join(backupRoot, PLUTO);
    mkdirSync(join(directory, 'generations'), { recursive: true });
    mkdirSync(join(directory, 'jobs'), { mode: 0o700 });

    await prepareBox(backupRoot, PLUTO);
    writeFileSync(join(directory, 'testbox-backup'), 'somebody’s words');
    const before = statSync(directory).mtimeMs;
    await prepareBox(backupRoot, PLUTO);

    expect(readdirSync(directory).toSorted()).toEqual(['generations', 'jobs', 'testbox-backup']);
    expect(readFileSync(join(directory, 'testbox-backup'), 'utf8')).toBe('somebody’s words');
    expect(statSync(directory).mtimeMs).toBe(before);
  });

  it('can be called twice at once', async () => {
    const { backupRoot } = shareTree();

    expect(await Promise.all([1, 2, 3].map(() => prepareBox(backupRoot, PLUTO)))).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'ready' })),
    );
    expect(readdirSync(join(backupRoot, PLUTO))).toEqual(['testbox-backup']);
  });

  it('refuses what is no directory', async () => {
    const { backupRoot } = shareTree();
    writeFileSync(join(backupRoot, PLUTO), '');

    expect(await prepareBox(backupRoot, PLUTO)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('is no directory'),
    });
  });

  it('makes nothing on a share that is not mounted', async () => {
    const { backupRoot } = shareTree();
    rmSync(join(backupRoot, 'testbox-backup'));

    await expect(prepareBox(backupRoot, PLUTO)).rejects.toThrow('is the share mounted?');
    expect(readdirSync(backupRoot)).not.toContain(PLUTO);
  });
});
