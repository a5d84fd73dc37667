import type { FileHandle } from 'node:fs/promises';
import {
  BOOT_SIGNATURE,
  BOOT_SIGNATURE_OFFSET,
  ENTRY_BYTES,
  type Fat16Layout,
  layoutWith,
  MEDIA_FIXED_DISK,
  ROOT_ENTRIES,
  SECTOR_BYTES,
} from './fat16-layout.ts';

/** Why a disk can't be booted, in the words of a firmware or boot loader. */
export class UnbootableDiskError extends Error {
  override name = 'UnbootableDiskError';
}

interface RootEntry {
  name: string;
  firstCluster: number;
  sizeBytes: number;
}

/**
 * Reads small files of a FAT16 disk's root directory, by name.
 *
 * @throws UnbootableDiskError when the disk is no readable FAT16 volume
 */
export async function readFatFiles(disk: FileHandle, names: readonly string[]): Promise<Map<string, Buffer>> {
  const layout = await readLayout(disk);
  const table = await readAt(disk, layout.fatOffset, layout.fatBytes);
  if (table.readUInt8(0) !== MEDIA_FIXED_DISK)
    throw new UnbootableDiskError('file allocation table is damaged');
  const entries = rootEntries(await readAt(disk, layout.rootOffset, ROOT_ENTRIES * ENTRY_BYTES));
  const found = new Map<string, Buffer>();
  for (const entry of entries.filter(({ name }) => names.includes(name))) {
    found.set(entry.name, await readContent({ disk, layout, table, entry }));
  }
  return found;
}

async function readLayout(disk: FileHandle): Promise<Fat16Layout> {
  const sector = await readAt(disk, 0, SECTOR_BYTES);
  if (sector.readUInt16LE(BOOT_SIGNATURE_OFFSET) !== BOOT_SIGNATURE) {
    throw new UnbootableDiskError('boot sector has no 55 AA signature');
  }
  const totalSectors = sector.readUInt16LE(19) || sector.readUInt32LE(32);
  const sectorsPerCluster = sector.readUInt8(13);
  const size = (await disk.stat()).size;
  if (sectorsPerCluster === 0 || totalSectors * SECTOR_BYTES > size) {
    throw new UnbootableDiskError('file system is larger than the disk');
  }
  return layoutWith(totalSectors, sectorsPerCluster);
}

function rootEntries(directory: Buffer): RootEntry[] {
  const entries: RootEntry[] = [];
  for (let at = 0; at < directory.length && directory.readUInt8(at) !== 0; at += ENTRY_BYTES) {
    const base = directory.toString('latin1', at, at + 8).trimEnd();
    const extension = directory.toString('latin1', at + 8, at + 11).trimEnd();
    entries.push({
      name: extension === '' ? base : `${base}.${extension}`,
      firstCluster: directory.readUInt16LE(at + 26),
      sizeBytes: directory.readUInt32LE(at + 28),
    });
  }
  return entries;
}

async function readContent(from: {
  disk: FileHandle;
  layout: Fat16Layout;
  table: Buffer;
  entry: RootEntry;
}): Promise<Buffer> {
  const { disk, layout, table, entry } = from;
  const parts: Buffer[] = [];
  let cluster = entry.firstCluster;
  for (let left = entry.sizeBytes; left > 0; left -= layout.clusterBytes) {
    if (cluster < 2 || cluster >= layout.clusterCount + 2) {
      throw new UnbootableDiskError(`cluster chain of ${entry.name} is broken`);
    }
    const place = layout.dataOffset + (cluster - 2) * layout.clusterBytes;
    parts.push(await readAt(disk, place, Math.min(left, layout.clusterBytes)));
    cluster = table.readUInt16LE(cluster * 2);
  }
  return Buffer.concat(parts);
}

async function readAt(disk: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await disk.read(Buffer.alloc(length), 0, length, offset);
  if (bytesRead !== length) throw new UnbootableDiskError('disk ends in the middle of the file system');
  return buffer;
}
