import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileErrorCode, unlessMissing } from './file-error.ts';

const WORLD_READABLE = 0o644;
/** Another bot may be writing right now; a temporary file this old is of a killed one. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/**
 * Replaces a file so that every reader, and every power cut, finds the old content or the
 * new one.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = await writeBeside(path, content);
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlessMissing(unlink(temporary));
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** The same for a file that must not be there yet: false, and nothing is changed, when it is. */
export async function createFile(path: string, content: string | Uint8Array): Promise<boolean> {
  const temporary = await writeBeside(path, content);
  try {
    await link(temporary, path);
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await unlessMissing(unlink(temporary));
  }
  await syncDirectory(dirname(path));
  return true;
}

/** Sees to it that the file is there. It has no content that could be torn, so a kill leaves nothing else. */
export async function createEmptyFile(path: string): Promise<void> {
  const file = await open(path, 'a', WORLD_READABLE);
  try {
    await file.chmod(WORLD_READABLE);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
}

/**
 * Gives the name of a flushed file beside it. The mode is set on the descriptor: a TFTP server
 * reads as nobody, and the process's umask must not decide about that.
 */
async function writeBeside(path: string, content: string | Uint8Array): Promise<string> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx', WORLD_READABLE);
    try {
      await file.writeFile(content);
      await file.chmod(WORLD_READABLE);
      await file.sync();
    } finally {
      await file.close();
    }
    return temporary;
  } catch (error) {
    await unlessMissing(unlink(temporary));
    throw error;
  }
}

/** A name beside the file that no reader looks for. */
export function temporaryName(path: string): string {
  return join(dirname(path), `${temporaryPrefix(path)}${process.pid}.${randomBytes(6).toString('hex')}`);
}

/** Removes what killed writers of this file left behind, and leaves a writer at work alone. */
export function removeAbandoned(path: string, now: number): Promise<void> {
  return removeTemporaries(path, ({ mtimeMs }) => now - mtimeMs > ABANDONED_AFTER_MS);
}

/** Removes what any writer of this file has begun: one at work fails, and tries again. */
export function removeBegun(path: string): Promise<void> {
  return removeTemporaries(path, () => true);
}

async function removeTemporaries(path: string, chosen: (file: Stats) => boolean): Promise<void> {
  const directory = dirname(path);
  const names = (await readdir(directory)).filter((name) => name.startsWith(temporaryPrefix(path)));
  for (const name of names) {
    const found = await unlessMissing(stat(join(directory, name)));
    if (found !== undefined && chosen(found)) await unlessMissing(unlink(join(directory, name)));
  }
}

/** A rename or removal is durable once its directory is. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function temporaryPrefix(path: string): string {
  return `.testbox-${basename(path)}.`;
}
