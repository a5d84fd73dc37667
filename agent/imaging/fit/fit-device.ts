import { crc32 } from 'node:zlib';
import { CHUNK_SIZE_BYTES } from '../../../src/contract/chunk-record.ts';
import type { DiskFit } from '../../../src/contract/report.ts';
import { Failure } from '../../failure.ts';
import type { BlockDevice } from '../block-device.ts';
import { onDisk } from '../device.ts';
import type { Workshop } from '../workshop.ts';
import { moveBackup, readHeader, stretchedMbr } from './gpt.ts';
import { knownSignatures } from './signatures.ts';

interface Fit {
  device: BlockDevice;
  /** Of the image, which is on the disk already. */
  imageBytes: number;
  sectorSizeBytes: number;
  workshop: Workshop;
}

/**
 * Makes a larger disk look as if its image had been made for it: nothing behind the image is taken
 * for somebody's metadata, and the GPT ends where the disk does. Does the same when done again.
 *
 * @throws Failure of class box
 */
export function fitDevice(fit: Fit): DiskFit {
  const tailBytes = fit.device.sizeBytes - fit.imageBytes;
  // What is found first is told; then the backup header may take the place of an old one.
  const wiped = wipeTail(fit);
  return { tailBytes, wiped, gpt: moveGpt(fit) };
}

/** Nothing of the image itself is touched. */
function wipeTail(fit: Fit): string[] {
  const { device, imageBytes, sectorSizeBytes } = fit;
  const found: string[] = [];
  for (const signature of knownSignatures({ sizeBytes: device.sizeBytes, sectorSizeBytes })) {
    const { name, position, lookBytes, wipeAt, wipeBytes } = signature;
    if (position < imageBytes || position + lookBytes > device.sizeBytes) continue;
    if (!signature.isThere(read(fit, position, lookBytes))) continue;
    const begin = Math.max(wipeAt, imageBytes);
    bring(fit, begin, Buffer.alloc(Math.min(wipeAt + wipeBytes, device.sizeBytes) - begin));
    found.push(name);
  }
  return found;
}

function moveGpt(fit: Fit): DiskFit['gpt'] {
  const { device, imageBytes, sectorSizeBytes: sector } = fit;
  const image = imageBytes / sector;
  const sectors = Math.floor(device.sizeBytes / sector);
  const found = readHeader(read(fit, sector, sector));
  if (found.kind !== 'sound') return found.kind;
  const { header } = found;
  const moved = moveBackup(header, { sectors, sectorSizeBytes: sector });
  const entriesBytes = Math.ceil(header.entriesBytes / sector) * sector;
  if (moved === null || header.entriesAt * sector + entriesBytes > imageBytes) return 'damaged';
  const entries = read(fit, header.entriesAt * sector, entriesBytes);
  if (crc32(entries.subarray(0, header.entriesBytes)) !== header.entriesCrc32) return 'damaged';
  const old = header.alternate;
  const oldIsThere = old > 1 && old < image && old !== moved.backupAt && isBackup(fit, old);
  // The old one goes last: at no moment is there none.
  bring(fit, moved.backupEntriesAt * sector, entries);
  bring(fit, moved.backupAt * sector, moved.backup);
  bring(fit, sector, moved.primary);
  const mbr = stretchedMbr(read(fit, 0, sector), { image, disk: sectors });
  if (mbr !== null) bring(fit, 0, mbr);
  if (oldIsThere && old < moved.backupEntriesAt) bring(fit, old * sector, Buffer.alloc(sector));
  return 'moved';
}

function isBackup(fit: Fit, at: number): boolean {
  const found = readHeader(read(fit, at * fit.sectorSizeBytes, fit.sectorSizeBytes));
  return found.kind === 'sound' && found.header.own === at;
}

/** Gives bytes of their own. */
function read(fit: Fit, position: number, lengthBytes: number): Buffer {
  const into = pages(fit, lengthBytes);
  const count = onDisk(`reading the disk at byte ${position}`, () => fit.device.read(into, position));
  if (count === lengthBytes) return Buffer.from(into);
  throw new Failure({
    class: 'box',
    code: 'disk-failed',
    message: `the disk ends before byte ${position + lengthBytes}`,
  });
}

/** Writes, and reads back past the page cache. */
function bring(fit: Fit, position: number, bytes: Buffer): void {
  onDisk(`writing the disk at byte ${position}`, () => fit.device.write(bytes, position));
  if (read(fit, position, bytes.length).equals(bytes)) return;
  throw new Failure({
    class: 'box',
    code: 'disk-write-failed',
    message: `the disk does not hold what was written to it at byte ${position}`,
  });
}

/** Memory that direct reads take. */
function pages(fit: Fit, lengthBytes: number): Buffer {
  return fit.workshop.buffer('present chunk', CHUNK_SIZE_BYTES).subarray(0, lengthBytes);
}
