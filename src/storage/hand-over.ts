import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  realpath,
  rename,
  rm,
  stat,
  statfs,
  utimes,
} from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { HandedFile, HandOver, HandOverOutcome } from '../app/share-port.ts';
import type { TestboxAddress } from '../contract/address.ts';
import { boxDirectory, HANDED_OVER_DIRECTORY, TEMPORARY_PREFIX } from '../contract/share-layout.ts';
import { syncDirectory } from './durable-file.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';
import { requireBackupMarker } from './marker.ts';

/** The agent's journal and logs need some, and so do other boxes. */
const KEPT_FREE_BYTES = 1024 ** 3;
const READ_ONLY = 0o444;
const CANNOT_CLONE = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOSYS', 'ENOTTY']);

/**
 * Puts copies of a box's images into the directory of another, which sees only its own. They share
 * their blocks where the file system can do that; a hard link would let the other box change the image.
 *
 * @see Share.handOver
 */
export async function handOver(backupRoot: string, { from, to, files }: HandOver): Promise<HandOverOutcome> {
  await requireBackupMarker(backupRoot);
  const source = await realpath(join(backupRoot, boxDirectory(from)));
  const target = await realpath(join(backupRoot, boxDirectory(to)));
  for (const file of files) {
    const why = await handOverFile({ source, target, file });
    if (why !== null) return { kind: 'refused', why };
  }
  return { kind: 'ready' };
}

/** @see Share.takeBack */
export async function takeBack(backupRoot: string, address: TestboxAddress): Promise<void> {
  await requireBackupMarker(backupRoot);
  const directory = join(backupRoot, boxDirectory(address));
  const place = join(directory, HANDED_OVER_DIRECTORY);
  if ((await unlessMissing(lstat(place))) === undefined) return;
  await rm(place, { recursive: true, force: true });
  await syncDirectory(directory);
}

interface Handing {
  source: string;
  target: string;
  file: HandedFile;
}

/** Gives why it can't be; null when it is there. */
async function handOverFile({ source, target, file }: Handing): Promise<string | null> {
  const original = await insideOf(source, file.source);
  const copy = join(target, file.copy);
  const { size, mtimeMs } = await stat(original);
  if ((await unlessMissing(lstat(copy)))?.size === size) return null;
  await makeDirectory(target, dirname(copy));
  const temporary = join(dirname(copy), `${TEMPORARY_PREFIX}${process.pid}`);
  await rm(temporary, { force: true });
  try {
    const why = await cloneOrCopy(original, temporary, size);
    if (why !== null) return why;
    // Half a millisecond more: the time is compared in whole ones, and must not lose one to rounding.
    const seconds = (Math.trunc(mtimeMs) + 0.5) / 1000;
    await utimes(temporary, seconds, seconds);
    await chmod(temporary, READ_ONLY);
    await flush(temporary);
    await rename(temporary, copy);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(copy));
  return null;
}

async function cloneOrCopy(original: string, temporary: string, size: number): Promise<string | null> {
  try {
    await copyFile(original, temporary, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return null;
  } catch (error) {
    if (!CANNOT_CLONE.has(fileErrorCode(error))) throw error;
  }
  const { bavail, bsize } = await statfs(dirname(temporary));
  if (bavail * bsize < size + KEPT_FREE_BYTES)
    return `the backup share has ${bavail * bsize} bytes free, and a copy of the image needs ${size + KEPT_FREE_BYTES}: free some space`;
  await rm(temporary, { force: true });
  await copyFile(original, temporary, constants.COPYFILE_EXCL);
  return null;
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A box writes to its own directory: no link of its making may lead the bot's user out of it. */
async function insideOf(directory: string, file: string): Promise<string> {
  const path = await realpath(join(directory, file));
  if (path.startsWith(directory + sep) && (await stat(path)).isFile()) return path;
  throw new Error(`${join(directory, file)} is no file in that directory`);
}

async function makeDirectory(within: string, path: string): Promise<void> {
  if (path === within) return;
  await makeDirectory(within, dirname(path));
  const found = await unlessMissing(lstat(path));
  if (found === undefined) await mkdir(path);
  else if (!found.isDirectory()) throw new Error(`${path} leads out of ${within}: remove it`);
}
