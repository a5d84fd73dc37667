import type { FileHandle } from 'node:fs/promises';
import {
  BOOT_SIGNATURE,
  BOOT_SIGNATURE_OFFSET,
  END_OF_CHAIN,
  ENTRY_BYTES,
  type Fat16Layout,
  fat16Layout,
  MEDIA_FIXED_DISK,
  ROOT_ENTRIES,
  SECTOR_BYTES,
} from './fat16-layout.ts';

/** A file for the root directory. `name` is 8.3, upper case, such as `BANNER.TXT`. */
export interface FatFile {
  name: string;
  sizeBytes: number;
  /** The bytes from `offset` on, at most `length` of them. */
  read(offset: number, length: number): Uint8Array;
}

const WRITE_BYTES = 1024 * 1024;
/** 2026-11-22 in FAT's packed form: a fixed date keeps equal disks equal. */
const FILE_DATE = ((2026 - 1980) << 9) | (11 << 5) | 22;

/** Formats the disk and writes the files. What no file covers stays as it was (a hole in a new file). */
export async function writeFat16(
  disk: FileHandle,
  sizeBytes: number,
  files: readonly FatFile[],
): Promise<void> {
  const layout = fat16Layout(sizeBytes);
  const table = Buffer.alloc(layout.fatBytes);
  table.writeUInt16LE(0xff00 | MEDIA_FIXED_DISK, 0);
  table.writeUInt16LE(END_OF_CHAIN, 2);
  const directory = Buffer.alloc(ROOT_ENTRIES * ENTRY_BYTES);
  let cluster = 2;
  for (const [index, file] of files.entries()) {
    const clusters = Math.ceil(file.sizeBytes / layout.clusterBytes);
    if (cluster - 2 + clusters > layout.clusterCount)
      throw new RangeError(`${file.name} does not fit the disk`);
    for (let n = 0; n < clusters; n += 1) {
      table.writeUInt16LE(n === clusters - 1 ? END_OF_CHAIN : cluster + n + 1, (cluster + n) * 2);
    }
    directoryEntry(file, clusters === 0 ? 0 : cluster).copy(directory, index * ENTRY_BYTES);
    await writeContent(disk, layout.dataOffset + (cluster - 2) * layout.clusterBytes, file);
    cluster += clusters;
  }
  await disk.write(table, 0, table.length, layout.fatOffset);
  await disk.write(table, 0, table.length, layout.fatOffset + layout.fatBytes);
  await disk.write(directory, 0, directory.length, layout.rootOffset);
  const boot = bootSector(layout);
  await disk.write(boot, 0, boot.length, 0);
}

async function writeContent(disk: FileHandle, place: number, file: FatFile): Promise<void> {
  for (let offset = 0; offset < file.sizeBytes; offset += WRITE_BYTES) {
    const bytes = file.read(offset, Math.min(WRITE_BYTES, file.sizeBytes - offset));
    await disk.write(bytes, 0, bytes.length, place + offset);
  }
}

function directoryEntry(file: FatFile, firstCluster: number): Buffer {
  const [base = '', extension = ''] = file.name.split('.');
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.write(base.padEnd(8) + extension.padEnd(3), 0, 'latin1');
  entry.writeUInt8(0x20, 11);
  entry.writeUInt16LE(FILE_DATE, 24);
  entry.writeUInt16LE(firstCluster, 26);
  entry.writeUInt32LE(file.sizeBytes, 28);
  return entry;
}

function bootSector(layout: Fat16Layout): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set([0xeb, 0x3c, 0x90]);
  sector.write('TESTBOX ', 3, 'latin1');
  sector.writeUInt16LE(SECTOR_BYTES, 11);
  sector.writeUInt8(layout.sectorsPerCluster, 13);
  sector.writeUInt16LE(layout.reservedSectors, 14);
  sector.writeUInt8(layout.fatCopies, 16);
  sector.writeUInt16LE(ROOT_ENTRIES, 17);
  // Above 65,535 sectors the count moves to the 32-bit field.
  if (layout.totalSectors <= 0xffff) sector.writeUInt16LE(layout.totalSectors, 19);
  else sector.writeUInt32LE(layout.totalSectors, 32);
  sector.writeUInt8(MEDIA_FIXED_DISK, 21);
  sector.writeUInt16LE(layout.sectorsPerFat, 22);
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(16, 26);
  sector.writeUInt8(0x80, 36);
  sector.writeUInt8(0x29, 38);
  sector.writeUInt32LE(0x7e57b0c5, 39);
  sector.write('NO NAME    FAT16   ', 43, 'latin1');
  sector.writeUInt16LE(BOOT_SIGNATURE, BOOT_SIGNATURE_OFFSET);
  return sector;
}
