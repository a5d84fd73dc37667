import { constants } from 'node:fs';
import { chmod, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TEMPORARY_PREFIX } from '../src/contract/share-layout.ts';

/** The steps that make a file last, as a port so that their order can be watched. */
export interface ShareFiles {
  /** Makes a new file, read-only for all, flushed. */
  writeNew(path: string, text: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
}

export const shareFiles: ShareFiles = {
  async writeNew(path, text) {
    const file = await open(path, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.chmod(0o444);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  syncDirectory,
  rename,
  symlink,
  chmod,
};

/** A directory's entries last only once the directory itself is flushed. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The file says the old or the new at every moment, power cuts included, and at the end surely the new. */
export async function replaceFile(files: ShareFiles, path: string, text: string): Promise<void> {
  const temporary = `${path}${TEMPORARY_PREFIX}new`;
  await rm(temporary, { force: true });
  await files.writeNew(temporary, text);
  await files.rename(temporary, path);
  await files.syncDirectory(dirname(path));
}

/** Makes a small file if it isn't there. */
export async function writeIfMissing(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
