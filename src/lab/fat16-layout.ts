/**
 * FAT16 as far as a small, freshly formatted disk needs it: one volume on the whole disk,
 * files in the root directory, each in one run of clusters.
 * Source: "Microsoft Extensible Firmware Initiative FAT32 File System Specification" 1.03.
 */
export const SECTOR_BYTES = 512;
export const BOOT_SIGNATURE = 0xaa55;
export const BOOT_SIGNATURE_OFFSET = 510;
export const ROOT_ENTRIES = 512;
export const ENTRY_BYTES = 32;
export const END_OF_CHAIN = 0xffff;
export const MEDIA_FIXED_DISK = 0xf8;

const RESERVED_SECTORS = 1;
const FAT_COPIES = 2;
const MIN_CLUSTERS = 4_085;
const MAX_CLUSTERS = 65_524;

/** Where things are on the disk; offsets in bytes. */
export interface Fat16Layout {
  sectorsPerCluster: number;
  clusterBytes: number;
  clusterCount: number;
  sectorsPerFat: number;
  reservedSectors: number;
  fatCopies: number;
  totalSectors: number;
  fatOffset: number;
  fatBytes: number;
  rootOffset: number;
  dataOffset: number;
}

/**
 * The layout with the smallest clusters that fit.
 *
 * @throws RangeError for sizes that FAT16 can't have
 */
export function fat16Layout(sizeBytes: number): Fat16Layout {
  for (let sectorsPerCluster = 1; sectorsPerCluster <= 64; sectorsPerCluster *= 2) {
    const layout = layoutWith(Math.floor(sizeBytes / SECTOR_BYTES), sectorsPerCluster);
    if (layout.clusterCount < MIN_CLUSTERS) break;
    if (layout.clusterCount <= MAX_CLUSTERS) return layout;
  }
  throw new RangeError(`a lab disk has 4 to 2000 MiB, not ${sizeBytes} bytes`);
}

/** The layout that a boot sector's own numbers give. */
export function layoutWith(totalSectors: number, sectorsPerCluster: number): Fat16Layout {
  const rootSectors = (ROOT_ENTRIES * ENTRY_BYTES) / SECTOR_BYTES;
  const dataAndFats = totalSectors - RESERVED_SECTORS - rootSectors;
  // Each FAT sector describes 256 clusters; both copies come out of the same space.
  const sectorsPerFat = Math.ceil(dataAndFats / (256 * sectorsPerCluster + FAT_COPIES));
  const fatOffset = RESERVED_SECTORS * SECTOR_BYTES;
  const fatBytes = sectorsPerFat * SECTOR_BYTES;
  const rootOffset = fatOffset + FAT_COPIES * fatBytes;
  const dataOffset = rootOffset + rootSectors * SECTOR_BYTES;
  return {
    sectorsPerCluster,
    clusterBytes: sectorsPerCluster * SECTOR_BYTES,
    clusterCount: Math.floor((totalSectors - dataOffset / SECTOR_BYTES) / sectorsPerCluster),
    sectorsPerFat,
    reservedSectors: RESERVED_SECTORS,
    fatCopies: FAT_COPIES,
    totalSectors,
    fatOffset,
    fatBytes,
    rootOffset,
    dataOffset,
  };
}
