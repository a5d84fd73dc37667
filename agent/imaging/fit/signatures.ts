const KIB = 1024;
const MD_MAGIC = 0xa92b4efc;
const MD_BYTES = 4 * KIB;
const MD_OLD_ALIGNMENT = 64 * KIB;
const ZFS_LABEL_BYTES = 256 * KIB;
const ZFS_UBERBLOCKS_AT = 128 * KIB;
const ZFS_UBERBLOCK_STEP = KIB;
const ZFS_MAGICS = [Buffer.from('0cb1ba0000000000', 'hex'), Buffer.from('0000000000bab10c', 'hex')];
const BTRFS_MIRRORS = [64 * KIB ** 2, 256 * KIB ** 3];
const BTRFS_MAGIC_AT = 64;
const PAGE_BYTES = 4 * KIB;

/** Something that makes a system believe that it knows a disk. */
export interface Signature {
  /** For people. */
  name: string;
  /** What is looked at, and where. */
  position: number;
  lookBytes: number;
  isThere(bytes: Buffer): boolean;
  /** What is wiped. */
  wipeAt: number;
  wipeBytes: number;
}

/** Signatures that lie at places which the size of a whole disk tells, or at fixed ones far behind its beginning. */
export function knownSignatures(disk: { sizeBytes: number; sectorSizeBytes: number }): Signature[] {
  const { sizeBytes, sectorSizeBytes: sector } = disk;
  const md090At = sizeBytes - (sizeBytes % MD_OLD_ALIGNMENT) - MD_OLD_ALIGNMENT;
  // In units of 512 bytes, whatever the disk's sectors are.
  const md10Unit = Math.floor(sizeBytes / 512) - 16;
  const md10At = (md10Unit - (md10Unit % 8)) * 512;
  const zfsEnd = sizeBytes - (sizeBytes % ZFS_LABEL_BYTES);
  return [
    at('backup GPT header', sizeBytes - sector, sector, startsWith(Buffer.from('EFI PART'))),
    at('md 0.90 superblock', md090At, MD_BYTES, isMd),
    at('md 1.0 superblock', md10At, MD_BYTES, (bytes) => isMd(bytes) && bytes.readUInt32LE(4) === 1),
    zfsLabel('ZFS label 2', zfsEnd - 2 * ZFS_LABEL_BYTES),
    zfsLabel('ZFS label 3', zfsEnd - ZFS_LABEL_BYTES),
    ...BTRFS_MIRRORS.map((mirror) =>
      at(
        'btrfs superblock',
        mirror,
        PAGE_BYTES,
        (bytes) => bytes.subarray(BTRFS_MAGIC_AT).indexOf('_BHRfS_M') === 0,
      ),
    ),
    at(
      'Intel RAID metadata',
      sizeBytes - 2 * sector,
      sector,
      startsWith(Buffer.from('Intel Raid ISM Cfg Sig. ')),
    ),
    at('DDF RAID header', sizeBytes - sector, sector, startsWith(Buffer.from('de11de11', 'hex'))),
  ];
}

function at(name: string, position: number, bytes: number, isThere: Signature['isThere']): Signature {
  return { name, position, lookBytes: bytes, isThere, wipeAt: position, wipeBytes: bytes };
}

/** Its second half is a ring of uberblocks, the first of them anywhere in it. */
function zfsLabel(name: string, position: number): Signature {
  return {
    name,
    position: position + ZFS_UBERBLOCKS_AT,
    lookBytes: ZFS_LABEL_BYTES - ZFS_UBERBLOCKS_AT,
    isThere(bytes) {
      for (let block = 0; block < bytes.length; block += ZFS_UBERBLOCK_STEP) {
        const magic = bytes.subarray(block, block + 8);
        if (ZFS_MAGICS.some((known) => known.equals(magic))) return true;
      }
      return false;
    },
    wipeAt: position,
    wipeBytes: ZFS_LABEL_BYTES,
  };
}

/** In the byte order of the machine that made it. */
function isMd(bytes: Buffer): boolean {
  return bytes.readUInt32LE(0) === MD_MAGIC || bytes.readUInt32BE(0) === MD_MAGIC;
}

function startsWith(magic: Buffer): Signature['isThere'] {
  return (bytes) => bytes.subarray(0, magic.length).equals(magic);
}
