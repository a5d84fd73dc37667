import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type ChunkRecord, readImageIndex } from '../contract/image-index.ts';
import type { Manifest, ManifestDisk } from '../contract/manifest.ts';

const CHUNK_LIMIT_BYTES = 64 * 1024 * 1024;

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
    const problem = await proveDisk(directory, disk, disk.indexFile);
    if (problem !== null) return problem;
  }
  return null;
}

async function proveDisk(directory: string, disk: ManifestDisk, indexFile: string): Promise<string | null> {
  const image = await open(join(directory, disk.file), 'r');
  let at = 0;
  try {
    for await (const part of readImageIndex(createReadStream(join(directory, indexFile)))) {
      if (part.kind === 'records') {
        for (const [position, record] of part.records.entries()) {
          const problem = await chunkProblem(image, { record, at });
          if (problem !== null) return `chunk ${part.first + position} of ${disk.file} ${problem}`;
          at += record.length;
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
  { record, at }: { record: ChunkRecord; at: number },
): Promise<string | null> {
  if (record.offset !== at) return `begins at ${record.offset}, expected ${at}`;
  if (record.length > CHUNK_LIMIT_BYTES) return `has ${record.length} bytes, more than a chunk can have`;
  const bytes = Buffer.allocUnsafe(record.length);
  const { bytesRead } = await image.read(bytes, 0, record.length, at);
  if (bytesRead !== record.length) return 'is cut off';
  return crc32(bytes) === record.crc32 ? null : 'is damaged: its checksum is wrong';
}
