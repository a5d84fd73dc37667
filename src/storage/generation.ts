import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../contract/address.ts';
import { chunkCount, ImageIndexHeader, RECORD_SIZE_BYTES } from '../contract/image-index.ts';
import { Manifest, type ManifestDisk } from '../contract/manifest.ts';
import { generationName, MANIFEST } from '../contract/share-layout.ts';
import type { FoundGeneration } from '../domain/images.ts';
import { fileErrorCode } from './file-error.ts';

const HEADER_LIMIT_BYTES = 64 * 1024;
const TRAILER_SIZE_BYTES = 32;

/** Reads a generation's manifest and looks that its files are there in the size it says. */
export async function readGeneration(place: {
  directory: string;
  generation: number;
  address: TestboxAddress;
}): Promise<FoundGeneration> {
  const { directory, generation } = place;
  try {
    const manifest = await readManifest(directory);
    return { generation, manifest, problem: await problemOf(manifest, place) };
  } catch (error) {
    const why = fileErrorCode(error);
    return { generation, manifest: null, problem: `its ${MANIFEST} can't be read: ${why}` };
  }
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, MANIFEST), 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error('it is not JSON', { cause });
  }
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') || 'it'} is not as expected (${issue?.message})`);
}

async function problemOf(
  manifest: Manifest,
  place: { directory: string; generation: number; address: TestboxAddress },
): Promise<string | null> {
  if (manifest.generation !== place.generation) {
    return `its manifest is of generation ${generationName(manifest.generation)}`;
  }
  if (manifest.testbox.address !== place.address) {
    return `its manifest is of another testbox (${manifest.testbox.address})`;
  }
  for (const disk of manifest.disks) {
    const problem =
      (await imageProblem(disk, place.directory)) ?? (await indexProblem(disk, place.directory));
    if (problem !== undefined) return problem;
  }
  return null;
}

async function imageProblem(disk: ManifestDisk, directory: string): Promise<string | undefined> {
  if (!isPlainName(disk.file)) return `its manifest names a file outside of it (${disk.file})`;
  try {
    const { size } = await stat(join(directory, disk.file));
    if (size === disk.codedBytes) return undefined;
    return `${disk.file} has ${size} bytes, expected ${disk.codedBytes}`;
  } catch (error) {
    return `${disk.file} can't be read (${fileErrorCode(error)})`;
  }
}

/** Looks at the header, the size, and the hash at the end; what lies between is proved by who reads it. */
async function indexProblem(disk: ManifestDisk, directory: string): Promise<string | undefined> {
  const { indexFile, indexHash } = disk;
  if (indexFile === null) return undefined;
  if (!isPlainName(indexFile)) return `its manifest names a file outside of it (${indexFile})`;
  let index: FileHandle | undefined;
  try {
    index = await open(join(directory, indexFile), 'r');
    const { size } = await index.stat();
    const { header, lengthBytes } = await readHeader(index);
    const expected = lengthBytes + chunkCount(header) * RECORD_SIZE_BYTES + TRAILER_SIZE_BYTES;
    if (size !== expected) return `${indexFile} has ${size} bytes, expected ${expected}`;
    if (header.slot !== disk.slot || header.sizeBytes !== disk.sizeBytes) {
      return `${indexFile} is of another disk (${header.slot}, ${header.sizeBytes} bytes)`;
    }
    const { buffer } = await index.read(
      Buffer.alloc(TRAILER_SIZE_BYTES),
      0,
      TRAILER_SIZE_BYTES,
      size - TRAILER_SIZE_BYTES,
    );
    return buffer.toString('hex') === indexHash
      ? undefined
      : `the hash of ${indexFile} is not the manifest's`;
  } catch (error) {
    return `${indexFile} can't be read (${fileErrorCode(error)})`;
  } finally {
    await index?.close();
  }
}

async function readHeader(index: FileHandle): Promise<{ header: ImageIndexHeader; lengthBytes: number }> {
  const { buffer, bytesRead } = await index.read(Buffer.alloc(HEADER_LIMIT_BYTES), 0, HEADER_LIMIT_BYTES, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
  if (end < 0) throw new Error('it has no header');
  try {
    const header = ImageIndexHeader.parse(JSON.parse(buffer.toString('utf8', 0, end)));
    return { header, lengthBytes: end + 1 };
  } catch (cause) {
    throw new Error('its header is damaged', { cause });
  }
}

function isPlainName(file: string): boolean {
  return /^[^./\u0000][^/\u0000]*$/.test(file);
}
