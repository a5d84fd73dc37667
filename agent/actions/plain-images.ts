import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskSlot } from '../../src/contract/disk.ts';
import { plainImageNames } from '../../src/contract/share-layout.ts';

/** An image of the original scripts: a regular file beside the generations. */
export interface PlainImage {
  slot: DiskSlot;
  name: string;
  inode: number;
}

/** All plain images in a box's directory, of each slot by precedence. */
export async function findPlainImages(boxDirectory: string): Promise<PlainImage[]> {
  const names = await readdir(boxDirectory);
  const slots = new Set(names.map((name) => DiskSlot.safeParse(name.split('.')[0])).flatMap(dataOf));
  const found: PlainImage[] = [];
  for (const slot of [...slots].sort()) {
    for (const name of plainImageNames(slot)) {
      if (!names.includes(name)) continue;
      const stat = await lstat(join(boxDirectory, name));
      if (stat.isFile()) found.push({ slot, name, inode: stat.ino });
    }
  }
  return found;
}

function dataOf(parsed: { success: true; data: DiskSlot } | { success: false }): DiskSlot[] {
  return parsed.success ? [parsed.data] : [];
}
