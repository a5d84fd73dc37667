import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NamedDirectory } from './directories.ts';

/** By the numbers that the kernel gives them, what keeps an area from being served off them. */
const UNSUITABLE: ReadonlyMap<number, string> = new Map([
  [0x794c7630, 'overlayfs, which NFS servers refuse to export'],
  [0x01021994, 'tmpfs, which is empty after the next start of this machine'],
  [0x858458f6, 'ramfs, which is empty after the next start of this machine'],
  [0x6969, 'NFS itself, which NFS servers refuse to export: run this on the machine that has the disks'],
  [0x4d44, 'FAT, which has no owners and no links'],
  [0x2011bab0, 'exFAT, which has no owners and no links'],
]);

/** Sentences about areas that lie where they can't be served from, or won't last. */
export async function fileSystemNotes(directories: readonly NamedDirectory[]): Promise<string[]> {
  const notes: string[] = [];
  for (const { name, path } of directories) {
    const why = UNSUITABLE.get(await fileSystemOf(path));
    if (why !== undefined) notes.push(`${name} (${path}) is on ${why}`);
  }
  return notes;
}

/** Of the directory, or of the nearest one above it that can be asked. */
async function fileSystemOf(path: string): Promise<number> {
  const found = await statfs(path).catch(() => undefined);
  return found?.type ?? fileSystemOf(dirname(path));
}
