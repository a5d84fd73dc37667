import { type FileHandle, open } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { DiskSlot } from '../../src/contract/disk.ts';
import {
  chunkCount,
  ImageIndexError,
  type ImageIndexHeader,
  type ImageIndexPart,
  RECORD_SIZE_BYTES,
  readImageIndex,
} from '../../src/contract/image-index.ts';
import type { PlannedImage } from '../../src/contract/plan.ts';
import { errorCode, Failure } from '../failure.ts';
import type { LightAfter } from './light-left.ts';
import type { IndexedSource } from './tasks.ts';
import { ZeroMap } from './zero-map.ts';

const TRAILER_SIZE_BYTES = 32;
const READ_BYTES = 256 * 1024;
/** Coded chunks are hardly ever larger than raw ones; far beyond is damage. */
const CODED_FACTOR = 2;

type Indexed = Extract<PlannedImage, { kind: 'indexed' }>;

/** An open image whose index was read through, with the plan's hash. */
export interface OpenSource {
  source: IndexedSource;
  /** Its zeros. */
  lightAfter: LightAfter;
  close(): Promise<void>;
}

/**
 * Opens an indexed image and proves its index: as planned, complete, its members lie one
 * behind the other, the file is exactly as long, and a smaller disk misses zeros only.
 *
 * @throws Failure
 */
export async function openIndexed(about: {
  boxDirectory: string;
  slot: DiskSlot;
  image: Indexed;
  disk: { sizeBytes: number; sectorSizeBytes: number };
}): Promise<OpenSource> {
  const { image, disk } = about;
  if (image.sectorSizeBytes !== disk.sectorSizeBytes) {
    throw new Failure({
      class: 'box',
      code: 'sector-size-differs',
      message: `the image of ${about.slot} has sectors of ${image.sectorSizeBytes} bytes, the disk has ${disk.sectorSizeBytes}`,
    });
  }
  const path = insideBox(about.boxDirectory, image.file);
  const imageFile = await openImage(path);
  let indexFile: FileHandle | undefined;
  try {
    indexFile = await openIndex(`${path}.index`);
    const index = await proveIndex(indexFile, about);
    const { size } = await imageFile.stat();
    if (size !== index.codedBytes) throw wrongLength(about.slot, size, index.codedBytes);
    const held = indexFile;
    return {
      source: {
        imageFd: imageFile.fd,
        indexFd: held.fd,
        recordsAt: index.recordsAt,
        sizeBytes: index.header.sizeBytes,
        chunkSizeBytes: index.header.chunkSizeBytes,
        codec: index.header.codec,
        chunkHash: index.header.chunkHash,
      },
      lightAfter: index.zeros.lightAfter(),
      async close() {
        await imageFile.close();
        await held.close();
      },
    };
  } catch (error) {
    await imageFile.close();
    await indexFile?.close();
    throw error;
  }
}

/** A path in the box's directory. @throws Failure when it leads out of it */
export function insideBox(boxDirectory: string, file: string): string {
  const path = resolve(boxDirectory, file);
  if (path.startsWith(resolve(boxDirectory) + sep)) return path;
  throw new Failure({
    class: 'bug',
    code: 'plan-mismatch',
    message: `${file} is not in the box's directory`,
  });
}

/** @throws Failure image-missing */
export async function openImage(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    throw new Failure({
      class: 'operator',
      code: 'image-missing',
      message: `there is no image ${path}`,
      cause,
    });
  }
}

async function openIndex(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    throw new Failure({ class: 'storage', code: 'index-damaged', message: `there is no ${path}`, cause });
  }
}

async function proveIndex(
  file: FileHandle,
  about: { slot: DiskSlot; image: Indexed; disk: { sizeBytes: number } },
): Promise<{ header: ImageIndexHeader; recordsAt: number; codedBytes: number; zeros: ZeroMap }> {
  let header: ImageIndexHeader | undefined;
  let zeros = new ZeroMap(0);
  let codedBytes = 0;
  let tooSmall: Failure | undefined;
  for await (const part of indexParts(file)) {
    switch (part.kind) {
      case 'header':
        header = part.header;
        zeros = new ZeroMap(header.sizeBytes);
        break;
      case 'records':
        for (const [position, record] of part.records.entries()) {
          const limit = CODED_FACTOR * (header?.chunkSizeBytes ?? 0) + 1024;
          if (record.offset !== codedBytes || record.length > limit) {
            throw indexDamaged(about.slot, `chunk ${part.first + position} is not where it should be`);
          }
          codedBytes += record.length;
          const end = (part.first + position + 1) * (header?.chunkSizeBytes ?? 0);
          const last = Math.min(end, header?.sizeBytes ?? 0);
          const begin = end - (header?.chunkSizeBytes ?? 0);
          if (record.zero) zeros.add(begin, last - begin);
          if (last > about.disk.sizeBytes && !record.zero) tooSmall ??= diskTooSmall(about, last);
        }
        break;
      case 'end':
        if (part.imageHash !== about.image.indexHash) throw notAsPlanned(about.slot, 'its hash');
        break;
    }
  }
  if (header === undefined) throw indexDamaged(about.slot, 'it is empty');
  const { sizeBytes, codec, slot } = header;
  if (sizeBytes !== about.image.sizeBytes) throw notAsPlanned(about.slot, 'its size');
  if (codec !== about.image.codec || slot !== about.slot) throw notAsPlanned(about.slot, 'its kind');
  if (tooSmall !== undefined) throw tooSmall;
  const { size } = await file.stat();
  return {
    header,
    codedBytes,
    zeros,
    recordsAt: size - TRAILER_SIZE_BYTES - chunkCount(header) * RECORD_SIZE_BYTES,
  };
}

async function* indexParts(file: FileHandle): AsyncGenerator<ImageIndexPart> {
  try {
    yield* readImageIndex(piecesOf(file));
  } catch (cause) {
    if (!(cause instanceof ImageIndexError)) throw cause;
    throw new Failure({ class: 'storage', code: 'index-damaged', message: cause.message, cause });
  }
}

/** Not a ReadStream: one that is destroyed closes the file, which is still needed. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const piece = Buffer.allocUnsafe(READ_BYTES);
    const { bytesRead } = await file.read(piece, 0, READ_BYTES, position);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
    position += bytesRead;
  }
}

function indexDamaged(slot: DiskSlot, why: string): Failure {
  return new Failure({
    class: 'storage',
    code: 'index-damaged',
    message: `the index of ${slot} is damaged: ${why}`,
  });
}

function notAsPlanned(slot: DiskSlot, what: string): Failure {
  return new Failure({
    class: 'operator',
    code: 'plan-mismatch',
    message: `the image of ${slot} is not the one in the plan: ${what} differs`,
  });
}

export function diskTooSmall(
  about: { slot: DiskSlot; disk: { sizeBytes: number } },
  needed: number,
): Failure {
  return new Failure({
    class: 'box',
    code: 'disk-too-small',
    message: `the disk of ${about.slot} has ${about.disk.sizeBytes} bytes, the image has data up to byte ${needed}`,
  });
}

function wrongLength(slot: DiskSlot, found: number, expected: number): Failure {
  return new Failure({
    class: 'storage',
    code: found < expected ? 'image-truncated' : 'image-damaged',
    message: `the image of ${slot} has ${found} bytes, its index says ${expected}`,
  });
}
