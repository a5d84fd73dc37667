import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, gunzip, zstdDecompress } from 'node:zlib';
import { type HashBytes, hashBytes } from '../contract/chunk-hash.ts';
import { chunkLength } from '../contract/chunk-record.ts';
import { type ChunkRecord, type ImageIndexHeader, readImageIndex } from '../contract/image-index.ts';
import type { Manifest, ManifestDisk } from '../contract/manifest.ts';

const CHUNK_LIMIT_BYTES = 64 * 1024 * 1024;
const DECODERS = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };

/**
 * Reads a generation's images through, from the first byte to the last: each index against
 * the manifest's hash, each coded chunk against the index. Bounded memory, whatever the size.
 *
 * @returns what is wrong, in words; null when all of it is sound
 */
export async function proveGeneration(directory: string, manifest: Manifest): Promise<string | null> {
  for (const disk of manifest.disks) {
    // An adopted image of the original has no index: the agent read it through when it took it over.
    if (disk.indexFile === null) continue;
    const problem = await proveDisk(directory, disk, { indexFile: disk.indexFile, decode: false });
    if (problem !== null) return problem;
  }
  return null;
}

interface Proof {
  indexFile: string;
  /** Unpacks each chunk too, and compares its content with the index: some times slower. */
  decode: boolean;
  onRead?: (bytes: number) => void;
}

/** As `proveGeneration`, for one disk. */
export async function proveDisk(
  directory: string,
  disk: ManifestDisk,
  { indexFile, decode, onRead }: Proof,
): Promise<string | null> {
  const image = await open(join(directory, disk.file), 'r');
  let at = 0;
  let header: ImageIndexHeader | undefined;
  try {
    for await (const part of readImageIndex(createReadStream(join(directory, indexFile)))) {
      if (part.kind === 'header') header = part.header;
      if (part.kind === 'records') {
        for (const [position, record] of part.records.entries()) {
          const number = part.first + position;
          const expected = decode && header !== undefined ? { header, number } : null;
          const problem = await chunkProblem(image, { record, at, expected });
          if (problem !== null) return `chunk ${number} of ${disk.file} ${problem}`;
          at += record.length;
          onRead?.(record.length);
        }
      }
      if (part.kind === 'end' && part.imageHash !== disk.indexHash)
        return `${indexFile} is not the manifest's`;
    }
    const { size } = await image.stat();
    return size === at ? null : `${disk.file} has ${size} bytes, its index ${at}`;
  } catch (error) {
    return `${disk.file}: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await image.close();
  }
}

async function chunkProblem(
  image: Awaited<ReturnType<typeof open>>,
  { record, at, expected }: { record: ChunkRecord; at: number; expected: Content | null },
): Promise<string | null> {
  if (record.offset !== at) return `begins at ${record.offset}, expected ${at}`;
  if (record.length > CHUNK_LIMIT_BYTES) return `has ${record.length} bytes, more than a chunk can have`;
  const bytes = Buffer.allocUnsafe(record.length);
  const { bytesRead } = await image.read(bytes, 0, record.length, at);
  if (bytesRead !== record.length) return 'is cut off';
  if (crc32(bytes) !== record.crc32) return 'is damaged: its checksum is wrong';
  return expected === null ? null : contentProblem(bytes, record, expected);
}

interface Content {
  header: ImageIndexHeader;
  number: number;
}

async function contentProblem(
  coded: Buffer,
  { hash }: ChunkRecord,
  { header, number }: Content,
): Promise<string | null> {
  const expected = chunkLength(header, number);
  let raw: Buffer;
  try {
    raw = await DECODERS[header.codec](coded, { maxOutputLength: expected });
  } catch (error) {
    return `can't be unpacked (${error instanceof Error ? error.message : String(error)})`;
  }
  if (raw.length !== expected) return `has ${raw.length} bytes unpacked, expected ${expected}`;
  const hashOf = hashBytes(header.chunkHash, await nativeBlake3());
  return hashOf(raw).equals(hash) ? null : 'has another content than its index says';
}

/** Null where the package has none for this system. */
async function nativeBlake3(): Promise<HashBytes | null> {
  try {
    return (await import('@napi-rs/blake-hash')).blake3;
  } catch {
    return null;
  }
}
