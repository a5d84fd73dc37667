import { chmod, link, lstat, mkdir, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobId } from '../src/contract/ids.ts';
import { Manifest, type ManifestDisk } from '../src/contract/manifest.ts';
import {
  CURRENT_LINK,
  GENERATIONS_DIRECTORY,
  generationName,
  MANIFEST,
  parseGenerationName,
  partialGenerationName,
  TEMPORARY_PREFIX,
} from '../src/contract/share-layout.ts';
import type { ShareFiles } from './durable.ts';
import { errorCode, Failure } from './failure.ts';

/** The generation that `current` names; null when there is none. @throws Failure when it leads nowhere */
export async function readCurrent(boxDirectory: string): Promise<Manifest | null> {
  let target: string;
  try {
    target = await readlink(join(boxDirectory, CURRENT_LINK));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const generation = parseGenerationName(basename(target));
  const manifest = generation === undefined ? null : await readManifest(boxDirectory, generation);
  if (manifest !== null) return manifest;
  throw new Failure({
    class: 'storage',
    code: 'generation-damaged',
    message: `${CURRENT_LINK} names ${target}, which is no complete generation`,
  });
}

/** Null when the generation isn't there or its manifest can't be read. */
export async function readManifest(boxDirectory: string, generation: number): Promise<Manifest | null> {
  try {
    const path = join(generationPath(boxDirectory, generation), MANIFEST);
    const manifest = Manifest.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return manifest.success ? manifest.data : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Numbers of the complete generations, ascending. */
export async function listGenerations(boxDirectory: string): Promise<number[]> {
  const names = await readdir(join(boxDirectory, GENERATIONS_DIRECTORY)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .map(parseGenerationName)
    .filter((number) => number !== undefined)
    .sort((a, b) => a - b);
}

/** Above every one that is there, also one that never became current. */
export async function nextGeneration(boxDirectory: string): Promise<number> {
  return Math.max(0, ...(await listGenerations(boxDirectory))) + 1;
}

export function generationPath(boxDirectory: string, generation: number): string {
  return join(boxDirectory, GENERATIONS_DIRECTORY, generationName(generation));
}

/**
 * A directory for a generation in the making. The newest one that older attempts of the same job
 * left is taken up, with no more in it than what may be gone on with; the others are removed. What
 * other jobs left is not ours to judge.
 */
export async function beginGeneration(where: {
  boxDirectory: string;
  job: JobId;
  attempt: number;
  files: ShareFiles;
  /** Names of files that may be gone on with. */
  goOnWith: readonly string[];
}): Promise<string> {
  const { boxDirectory, job, attempt, files } = where;
  const parent = join(boxDirectory, GENERATIONS_DIRECTORY);
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await files.syncDirectory(boxDirectory);
  const directory = join(parent, partialGenerationName(job, attempt));
  const [newest, ...older] = await leftBy(parent, job);
  for (const name of older) await abandonGeneration(join(parent, name));
  if (newest === undefined) await mkdir(directory, { mode: 0o755 });
  else {
    await clearAway(join(parent, newest), where.goOnWith);
    if (join(parent, newest) !== directory) await files.rename(join(parent, newest), directory);
  }
  // Only what has a lasting name can be gone on with.
  await files.syncDirectory(parent);
  return directory;
}

/** Of older attempts of the job, newest first. */
async function leftBy(parent: string, job: JobId): Promise<string[]> {
  const own = `${TEMPORARY_PREFIX}${job}.`;
  const attemptOf = (name: string) => Number(name.slice(own.length));
  const names = (await readdir(parent)).filter((name) => name.startsWith(own));
  return names.sort((one, other) => attemptOf(other) - attemptOf(one));
}

async function clearAway(directory: string, but: readonly string[]): Promise<void> {
  // It may already have been made read-only for its publication.
  await chmod(directory, 0o755);
  for (const name of await readdir(directory)) {
    if (!but.includes(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

export async function abandonGeneration(directory: string): Promise<void> {
  // It may already have been made read-only for its publication.
  await chmod(directory, 0o755);
  await rm(directory, { recursive: true, force: true });
}

/** Hard-links a disk that isn't captured this time; a generation is always complete. */
export async function carryOver(disk: ManifestDisk, from: string, to: string): Promise<void> {
  await link(join(from, disk.file), join(to, disk.file));
  if (disk.indexFile !== null) await link(join(from, disk.indexFile), join(to, disk.indexFile));
}

/**
 * Publishes: everything in the directory is flushed, then it gets its name, then `current`
 * names it. A power cut at any moment leaves the old current or the new one.
 */
export async function publishGeneration(what: {
  boxDirectory: string;
  partial: string;
  manifest: Manifest;
  files: ShareFiles;
}): Promise<void> {
  const { boxDirectory, partial, manifest, files } = what;
  await files.writeNew(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await files.chmod(partial, 0o555);
  await files.syncDirectory(partial);
  await files.rename(partial, generationPath(boxDirectory, manifest.generation));
  await files.syncDirectory(join(boxDirectory, GENERATIONS_DIRECTORY));
  await makeCurrent({ boxDirectory, manifest, files });
}

/** The last step of a publication, also for one that a power cut interrupted before it. */
export async function makeCurrent(what: {
  boxDirectory: string;
  manifest: Manifest;
  files: ShareFiles;
}): Promise<void> {
  const { boxDirectory, manifest, files } = what;
  await swapLink({
    files,
    path: join(boxDirectory, CURRENT_LINK),
    target: join(GENERATIONS_DIRECTORY, generationName(manifest.generation)),
  });
  for (const disk of manifest.disks) {
    for (const name of [disk.file, disk.indexFile]) {
      if (name !== null) await linkIfAbsent(files, join(boxDirectory, name), join(CURRENT_LINK, name));
    }
  }
  await files.syncDirectory(boxDirectory);
}

/** Makes a link, in place of whatever bears the name, in one step. */
export async function swapLink(link: { files: ShareFiles; path: string; target: string }): Promise<void> {
  const temporary = `${link.path}${TEMPORARY_PREFIX}link`;
  await rm(temporary, { force: true });
  await link.files.symlink(link.target, temporary);
  await link.files.rename(temporary, link.path);
}

/** Whatever bears the name already stays: it may be a plain image. */
async function linkIfAbsent(files: ShareFiles, path: string, target: string): Promise<void> {
  const present = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (present === null) await files.symlink(target, path);
}
