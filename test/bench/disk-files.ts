import { randomFillSync } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import type { DiskKind } from './options.ts';

const MIB = 1024 ** 2;
/** Data and zeros take turns, as files and free space do; no multiple of an imaging chunk. */
const EXTENT_BYTES = 23 * MIB;
const CHANGED_RUN_BYTES = MIB;
const CHANGED_PART = 0.01;

/**
 * Writes a disk file. Its data is the Node program over and over, from another place each
 * time: it compresses as program files do (2.7 to 1 by `gzip -6`).
 *
 * @param seed another one gives other data in the same places
 */
export async function buildDisk(
  path: string,
  how: { kind: Exclude<DiskKind, 'usr'>; sizeBytes: number; seed: number },
): Promise<void> {
  const { kind, sizeBytes, seed } = how;
  const program = await readFile(process.execPath);
  const file = await open(path, 'w');
  try {
    for (let position = 0; position < sizeBytes; position += EXTENT_BYTES) {
      const isEmpty =
        kind === 'blank' || ((kind === 'half' || kind === 'changed') && (position / EXTENT_BYTES) % 2 === 1);
      const length = Math.min(EXTENT_BYTES, sizeBytes - position);
      // Zeros are written, too: a disk has no holes, and nobody may be faster for finding some.
      const data = isEmpty
        ? Buffer.alloc(length)
        : kind === 'random'
          ? randomFillSync(Buffer.allocUnsafe(length))
          : cut(program, position + seed * 1_000_003, length);
      await file.write(data, 0, length, position);
    }
  } finally {
    await file.close();
  }
}

/** Changes one percent of a disk file, in runs of 1 MiB that are spread over all of it. */
export async function changeOnePercent(path: string, sizeBytes: number): Promise<void> {
  const runs = Math.max(1, Math.round((sizeBytes * CHANGED_PART) / CHANGED_RUN_BYTES));
  const length = Math.min(CHANGED_RUN_BYTES, Math.ceil((sizeBytes * CHANGED_PART) / runs));
  const file = await open(path, 'r+');
  try {
    for (let run = 0; run < runs; run += 1) await invert(file, Math.floor((sizeBytes / runs) * run), length);
  } finally {
    await file.close();
  }
}

async function invert(file: FileHandle, position: number, length: number): Promise<void> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  for (let at = 0; at < bytesRead; at += 1) bytes[at] = ~(bytes[at] ?? 0) & 0xff;
  await file.write(bytes, 0, bytesRead, position);
}

/** `length` bytes of an endless repetition. */
function cut(source: Buffer, from: number, length: number): Buffer {
  const piece = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    done += source.copy(piece, done, (from + done) % source.length);
  }
  return piece;
}
