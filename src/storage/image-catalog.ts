import { lstat, readdir, readFile, readlink, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../contract/address.ts';
import { DiskSlot } from '../contract/disk.ts';
import {
  boxDirectory,
  CURRENT_LINK,
  DISK_LIST,
  GENERATIONS_DIRECTORY,
  parseGenerationName,
  plainImageNames,
} from '../contract/share-layout.ts';
import type { FoundGeneration, ImageCatalog, PlainImage } from '../domain/images.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';
import { readGeneration } from './generation.ts';
import { requireBackupMarker } from './marker.ts';

/**
 * What the share holds for a box. No image is read, only names, sizes, manifests and the
 * ends of the indexes.
 *
 * @throws Error when something is there that can't be understood: taken for "no image",
 *   it would be replaced
 */
export async function readImageCatalog(backupRoot: string, address: TestboxAddress): Promise<ImageCatalog> {
  await requireBackupMarker(backupRoot);
  const directory = join(backupRoot, boxDirectory(address));
  const current = await readCurrent(directory);
  const { bavail, bsize } = await statfs(backupRoot);
  return {
    current,
    generations: await readGenerations({ directory, address, current }),
    plain: await readPlainImages(directory),
    diskList: await readDiskList(directory),
    freeBytes: bavail * bsize,
  };
}

async function readCurrent(directory: string): Promise<number | null> {
  const path = join(directory, CURRENT_LINK);
  let target: string | undefined;
  try {
    target = await unlessMissing(readlink(path));
  } catch (cause) {
    if (fileErrorCode(cause) !== 'EINVAL') throw cause;
    throw new Error(`expected ${path} to be a link to a generation, but it is no link`, { cause });
  }
  if (target === undefined) return null;
  const [, name = ''] = /^(?:\.\/)?generations\/([^/]+)\/?$/.exec(target) ?? [];
  const generation = parseGenerationName(name);
  if (generation !== undefined) return generation;
  throw new Error(`expected ${path} to be a link to a generation, but it points to ${target}`);
}

async function readGenerations(box: {
  directory: string;
  address: TestboxAddress;
  current: number | null;
}): Promise<FoundGeneration[]> {
  const generationsDirectory = join(box.directory, GENERATIONS_DIRECTORY);
  const names = (await unlessMissing(readdir(generationsDirectory))) ?? [];
  const found: FoundGeneration[] = [];
  for (const name of names) {
    const generation = parseGenerationName(name);
    if (generation === undefined) continue;
    found.push(
      await readGeneration({ directory: join(generationsDirectory, name), generation, address: box.address }),
    );
  }
  const { current } = box;
  if (current !== null && !found.some(({ generation }) => generation === current)) {
    found.push({ generation: current, manifest: null, problem: 'the current generation is not there' });
  }
  return found.toSorted((a, b) => a.generation - b.generation);
}

/** Links are ours (`sda.raw.gz -> current/sda.raw.gz`); plain files are the original's. */
async function readPlainImages(directory: string): Promise<PlainImage[]> {
  const names = (await unlessMissing(readdir(directory))) ?? [];
  const slots = new Set(names.map((name) => name.split('.', 1)[0]).filter((slot) => slot !== undefined));
  const images: PlainImage[] = [];
  for (const slot of [...slots].sort()) {
    if (!DiskSlot.safeParse(slot).success) continue;
    for (const file of plainImageNames(slot)) {
      const found = await unlessMissing(lstat(join(directory, file)));
      if (!found?.isFile()) continue;
      images.push({ slot, file, codedBytes: found.size, modifiedAt: Math.trunc(found.mtimeMs) });
    }
  }
  return images;
}

/** Devices on one line or on several, as `sda` or `/dev/sda`. */
async function readDiskList(directory: string): Promise<string[] | null> {
  const path = join(directory, DISK_LIST);
  const text = await unlessMissing(readFile(path, 'utf8'));
  if (text === undefined) return null;
  const names = text.split(/\s+/).filter((word) => word !== '');
  return names.map((word) => {
    const name = DiskSlot.safeParse(word.replace(/^\/dev\//, ''));
    if (name.success) return name.data;
    throw new Error(`expected disks such as sda or /dev/sda in ${path}, but it has ${JSON.stringify(word)}`);
  });
}
