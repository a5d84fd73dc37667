import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ChunkRecord, parseRecords, RECORD_SIZE_BYTES } from '../../src/contract/chunk-record.ts';
import { chunkCount, type ImageIndexHeader } from '../../src/contract/image-index.ts';
import { syncDirectory } from '../durable.ts';
import type { StoredImage } from './stored-chunks.ts';

const BATCH_BYTES = 4096 * RECORD_SIZE_BYTES;

/** The two files that a capture makes. */
export interface CaptureFiles extends AsyncDisposable {
  image: FileHandle;
  index: FileHandle;
  /** What an attempt that was cut off has left in them. */
  stored: StoredImage | null;
}

/**
 * Opens an image and its index to be made.
 *
 * @param paths.goOn takes up files that an attempt with just this header left; others of the names go
 */
export async function openCaptureFiles(
  paths: { imagePath: string; indexPath: string; goOn: boolean },
  header: { text: Buffer; header: ImageIndexHeader },
): Promise<CaptureFiles> {
  const { imagePath, indexPath, goOn } = paths;
  if (goOn) {
    const left = await openLeft(paths, header);
    if (left !== null) return left;
    for (const path of [imagePath, indexPath]) await rm(path, { force: true });
  }
  const image = await open(imagePath, 'wx', 0o644);
  const index = await open(indexPath, 'wx', 0o644);
  // Their names must last as well, or there is nothing to go on with.
  await syncDirectory(dirname(imagePath));
  return filesOf(image, index, null);
}

function filesOf(image: FileHandle, index: FileHandle, stored: StoredImage | null): CaptureFiles {
  return {
    image,
    index,
    stored,
    async [Symbol.asyncDispose]() {
      await image.close();
      await index.close();
    },
  };
}

/** Null where there is nothing to go on with. */
async function openLeft(
  { imagePath, indexPath }: { imagePath: string; indexPath: string },
  { text, header }: { text: Buffer; header: ImageIndexHeader },
): Promise<CaptureFiles | null> {
  const image = await openOwn(imagePath);
  const index = await openOwn(indexPath);
  if (image !== null && index !== null) {
    const { size: imageBytes } = await image.stat();
    const chunks = await countRecords(index, { text, imageBytes, most: chunkCount(header) });
    const stored = { imageFd: image.fd, indexFd: index.fd, recordsAt: text.length, chunks };
    if (chunks > 0) return filesOf(image, index, stored);
  }
  await image?.close();
  await index?.close();
  return null;
}

/** Null for what isn't there, or has another name too: an image of an earlier generation is not written to. */
async function openOwn(path: string): Promise<FileHandle | null> {
  try {
    await using looked = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { nlink } = await looked.stat();
    if (nlink !== 1) return null;
    // Whoever finished it made it read-only.
    await looked.chmod(0o644);
    return await open(path, 'r+');
  } catch {
    return null;
  }
}

/** Records from the first on whose chunks lie one behind the other in the image file. */
async function countRecords(
  index: FileHandle,
  { text, imageBytes, most }: { text: Buffer; imageBytes: number; most: number },
): Promise<number> {
  const bytes = Buffer.alloc(Math.max(BATCH_BYTES, text.length));
  const head = await index.read(bytes, 0, text.length, 0);
  if (!bytes.subarray(0, head.bytesRead).equals(text)) return 0;
  let count = 0;
  let end = 0;
  while (count < most) {
    const at = text.length + count * RECORD_SIZE_BYTES;
    const { bytesRead } = await index.read(bytes, 0, BATCH_BYTES, at);
    const whole = Math.min(Math.floor(bytesRead / RECORD_SIZE_BYTES), most - count);
    if (whole === 0) return count;
    for (let place = 0; place < whole; place += 1) {
      const record = recordAt(bytes, place);
      if (record === null || record.offset !== end || end + record.length > imageBytes) return count;
      end += record.length;
      count += 1;
    }
  }
  return count;
}

function recordAt(bytes: Buffer, place: number): ChunkRecord | null {
  const at = place * RECORD_SIZE_BYTES;
  try {
    return parseRecords(bytes.subarray(at, at + RECORD_SIZE_BYTES))[0] ?? null;
  } catch {
    return null;
  }
}
