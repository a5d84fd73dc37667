import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ImageProof, VerifyRequest } from '../app/share-port.ts';
import { boxDirectory, GENERATIONS_DIRECTORY, generationName } from '../contract/share-layout.ts';
import { fileErrorCode } from './file-error.ts';
import { readGeneration } from './generation.ts';
import { requireBackupMarker } from './marker.ts';
import { proveDisk } from './prove-generation.ts';

const PROGRESS_EVERY_BYTES = 64 * 1024 * 1024;

/**
 * Reads one image from its first byte to its last, unpacks it and compares all of it with its index.
 *
 * @see Share.verifyImage
 */
export async function verifyImage(
  backupRoot: string,
  { address, generation, slot }: VerifyRequest,
  onProgress: (readBytes: number) => void,
): Promise<ImageProof> {
  await requireBackupMarker(backupRoot);
  const directory = join(
    backupRoot,
    boxDirectory(address),
    GENERATIONS_DIRECTORY,
    generationName(generation),
  );
  const { manifest, problem } = await readGeneration({ directory, generation, address });
  const disk = manifest?.disks.find((candidate) => candidate.slot === slot);
  if (manifest === null || disk === undefined)
    return { imageHash: null, readBytes: 0, problem: problem ?? `it has no image of ${slot}` };
  let readBytes = 0;
  let told = 0;
  const onRead = (bytes: number) => {
    readBytes += bytes;
    if (readBytes - told < PROGRESS_EVERY_BYTES) return;
    told = readBytes;
    onProgress(readBytes);
  };
  const found =
    disk.indexFile === null
      ? await unpack(join(directory, disk.file), onRead)
      : await proveDisk(directory, disk, { indexFile: disk.indexFile, decode: true, onRead });
  return { imageHash: disk.indexHash, readBytes, problem: found };
}

/** An adopted image of the original has no index: gzip's own checksum is all that there is. */
async function unpack(path: string, onRead: (bytes: number) => void): Promise<string | null> {
  const file = createReadStream(path);
  file.on('data', (piece) => onRead(piece.length));
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  try {
    await pipeline(file, createGunzip(), nowhere);
    return null;
  } catch (error) {
    return `can't be unpacked (${fileErrorCode(error)})`;
  }
}
