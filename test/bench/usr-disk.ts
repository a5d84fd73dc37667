import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const SOURCE = '/usr';
/** Of the disk, in files; the rest is what a file system keeps for itself, and free. */
const FILLED_PART = 0.85;
/** Folders take room, too, which counts on a small disk. */
const FOLDERS_BYTES = 4 * 1024 * 1024;
/** A file takes whole blocks, and an inode. */
const BLOCK_BYTES = 4096;
/** The file system's own, and what it rounds off. */
const MORE_INODES = 256;

/**
 * Writes a disk file that is full of `/usr`: an ext4 file system where `mke2fs` is installed,
 * else its files one behind the other. Says which.
 */
export async function buildUsrDisk(
  path: string,
  { sizeBytes, folder }: { sizeBytes: number; folder: string },
): Promise<'ext4' | 'files'> {
  const files = await chooseFiles(sizeBytes * FILLED_PART - FOLDERS_BYTES);
  const stage = join(folder, 'usr-stage');
  try {
    if (spawnSync('/bin/sh', ['-c', 'command -v mke2fs']).status !== 0) {
      await concatenate(path, files, sizeBytes);
      return 'files';
    }
    for (const file of files) {
      await mkdir(join(stage, dirname(file)), { recursive: true });
      await copyFile(join(SOURCE, file), join(stage, file));
    }
    await rm(path, { force: true });
    const size = `${sizeBytes / 1024}k`;
    const inodes = files.length + foldersOf(files).size + MORE_INODES;
    const made = spawnSync(
      'mke2fs',
      ['-q', '-F', '-t', 'ext4', '-N', String(inodes), '-m', '0', '-d', stage, path, size],
      { encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`mke2fs failed: ${made.stderr.trim()}`);
    await truncate(path, sizeBytes);
    return 'ext4';
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return folders;
}

/** Every n-th of all files, so that each part of `/usr` is there. */
async function chooseFiles(bytes: number): Promise<string[]> {
  const sized: { path: string; bytes: number }[] = [];
  for (const entry of await readdir(SOURCE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size } = await stat(path);
    sized.push({ path: path.slice(SOURCE.length + 1), bytes: Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES });
  }
  sized.sort((a, b) => (a.path < b.path ? -1 : 1));
  const all = sized.reduce((sum, file) => sum + file.bytes, 0);
  const chosen: string[] = [];
  let seen = 0;
  let taken = 0;
  for (const file of sized) {
    seen += file.bytes;
    // As far into the disk as into `/usr`: no more of its beginning than of its end.
    if (taken + file.bytes > Math.min(bytes, (seen / all) * bytes)) continue;
    taken += file.bytes;
    chosen.push(file.path);
  }
  return chosen;
}

async function concatenate(path: string, files: readonly string[], sizeBytes: number): Promise<void> {
  await using disk = await open(path, 'w');
  for (const file of files) {
    await using source = await open(join(SOURCE, file));
    await disk.appendFile(await source.readFile());
  }
  await truncate(path, sizeBytes);
}
