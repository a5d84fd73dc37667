import { crc32 } from 'node:zlib';

const SIGNATURE = 'EFI PART';
const LEAST_HEADER_BYTES = 92;
const HEADER_BYTES_AT = 12;
const HEADER_CRC_AT = 16;
const OWN_AT = 24;
const ALTERNATE_AT = 32;
const FIRST_USABLE_AT = 40;
const LAST_USABLE_AT = 48;
const ENTRIES_AT = 72;
const ENTRY_COUNT_AT = 80;
const ENTRY_BYTES_AT = 84;
const ENTRIES_CRC_AT = 88;
/** A chunk; hundreds of times what is usual. Beyond it no header is believed. */
const MOST_ENTRIES_BYTES = 4 * 1024 * 1024;
const PRIMARY = 1;
const MBR_ENTRIES_AT = 446;
const MBR_ENTRY_BYTES = 16;
const MBR_SIGNATURE_AT = 510;
const MBR_SIGNATURE = 0xaa55;
const PROTECTIVE = 0xee;
const MBR_MOST_SECTORS = 0xffff_ffff;

/** What a header says, in sectors. */
export interface GptHeader {
  bytes: Buffer;
  own: number;
  alternate: number;
  lastUsable: number;
  entriesAt: number;
  entriesBytes: number;
  entriesCrc32: number;
}

/** `none`: there is no header; `damaged`: one that can't be believed. */
export type ReadHeader = { kind: 'sound'; header: GptHeader } | { kind: 'none' } | { kind: 'damaged' };

export function readHeader(sector: Buffer): ReadHeader {
  if (sector.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) return { kind: 'none' };
  const headerBytes = sector.readUInt32LE(HEADER_BYTES_AT);
  const entriesBytes = sector.readUInt32LE(ENTRY_COUNT_AT) * sector.readUInt32LE(ENTRY_BYTES_AT);
  const sound =
    headerBytes >= LEAST_HEADER_BYTES &&
    headerBytes <= sector.length &&
    headerCrc(sector) === sector.readUInt32LE(HEADER_CRC_AT) &&
    entriesBytes > 0 &&
    entriesBytes <= MOST_ENTRIES_BYTES;
  if (!sound) return { kind: 'damaged' };
  const long = (at: number) => Number(sector.readBigUInt64LE(at));
  return {
    kind: 'sound',
    header: {
      bytes: Buffer.from(sector),
      own: long(OWN_AT),
      alternate: long(ALTERNATE_AT),
      lastUsable: long(LAST_USABLE_AT),
      entriesAt: long(ENTRIES_AT),
      entriesBytes,
      entriesCrc32: sector.readUInt32LE(ENTRIES_CRC_AT),
    },
  };
}

/** Where things lie, in sectors, when the backup header is the last one of a disk. */
export interface MovedGpt {
  primary: Buffer;
  backup: Buffer;
  backupAt: number;
  backupEntriesAt: number;
}

/** @param header the primary one. Null when it doesn't fit a disk of so many sectors */
export function moveBackup(
  header: GptHeader,
  disk: { sectors: number; sectorSizeBytes: number },
): MovedGpt | null {
  const backupAt = disk.sectors - 1;
  const backupEntriesAt = backupAt - Math.ceil(header.entriesBytes / disk.sectorSizeBytes);
  const firstUsable = Number(header.bytes.readBigUInt64LE(FIRST_USABLE_AT));
  // Partitions may lie up to the last usable sector.
  const fits = header.own === PRIMARY && backupEntriesAt > Math.max(header.lastUsable, firstUsable);
  if (!fits) return null;
  const make = (places: { own: number; alternate: number; entriesAt: number }) => {
    const bytes = Buffer.from(header.bytes);
    bytes.writeBigUInt64LE(BigInt(places.own), OWN_AT);
    bytes.writeBigUInt64LE(BigInt(places.alternate), ALTERNATE_AT);
    bytes.writeBigUInt64LE(BigInt(backupEntriesAt - 1), LAST_USABLE_AT);
    bytes.writeBigUInt64LE(BigInt(places.entriesAt), ENTRIES_AT);
    bytes.writeUInt32LE(headerCrc(bytes), HEADER_CRC_AT);
    return bytes;
  };
  return {
    primary: make({ own: PRIMARY, alternate: backupAt, entriesAt: header.entriesAt }),
    backup: make({ own: backupAt, alternate: PRIMARY, entriesAt: backupEntriesAt }),
    backupAt,
    backupEntriesAt,
  };
}

/**
 * The protective MBR for a disk of another size. Null when it stays as it is: it says "all of it",
 * or something that people meant.
 */
export function stretchedMbr(sector: Buffer, sectors: { image: number; disk: number }): Buffer | null {
  if (sector.readUInt16LE(MBR_SIGNATURE_AT) !== MBR_SIGNATURE) return null;
  for (let entry = 0; entry < 4; entry += 1) {
    const at = MBR_ENTRIES_AT + entry * MBR_ENTRY_BYTES;
    const [type, first, count] = [sector[at + 4], sector.readUInt32LE(at + 8), sector.readUInt32LE(at + 12)];
    if (type !== PROTECTIVE || first !== 1 || count !== Math.min(sectors.image - 1, MBR_MOST_SECTORS))
      continue;
    const stretched = Buffer.from(sector);
    stretched.writeUInt32LE(Math.min(sectors.disk - 1, MBR_MOST_SECTORS), at + 12);
    return stretched;
  }
  return null;
}

/** Over the header with zeros in the place of the sum itself. */
function headerCrc(sector: Buffer): number {
  const header = Buffer.from(sector.subarray(0, sector.readUInt32LE(HEADER_BYTES_AT)));
  header.writeUInt32LE(0, HEADER_CRC_AT);
  return crc32(header);
}
