import { chmod, lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pruned, PruneRequest } from '../app/share-port.ts';
import type { ManifestDisk } from '../contract/manifest.ts';
import {
  boxDirectory,
  GENERATIONS_DIRECTORY,
  generationName,
  TEMPORARY_PREFIX,
} from '../contract/share-layout.ts';
import type { FoundGeneration, ImageCatalog } from '../domain/images.ts';
import { readImageCatalog } from './image-catalog.ts';
import { proveGeneration } from './prove-generation.ts';

const LEFT_OVER_AGE_MS = 7 * 24 * 60 * 60 * 1000;
/** What is being removed is no generation any more, whenever the power fails. */
const GOING_PREFIX = `${TEMPORARY_PREFIX}going-`;

/**
 * Removes the oldest generations of a box, after the current one was read through and is
 * sound. Never the current one, never one that a job names, never one that is among the
 * newest `keep` that could be restored.
 */
export async function pruneGenerations(
  backupRoot: string,
  { address, proved, keep, named, damaged, dryRun = false, now }: PruneRequest & { now: number },
): Promise<Pruned> {
  const catalog = await readImageCatalog(backupRoot, address);
  const current = catalog.generations.find(({ generation }) => generation === catalog.current);
  if (current === undefined || current.generation < proved) {
    return { removed: [], problem: `generation ${proved} is not the current one` };
  }
  const directory = join(backupRoot, boxDirectory(address), GENERATIONS_DIRECTORY);
  const proof = () => proofOf(join(directory, generationName(current.generation)), current.manifest);
  const problem = current.problem ?? (dryRun ? null : await proof());
  if (problem !== null) return { removed: [], problem };
  const kept = [...named, ...lastUndamaged({ catalog, current, damaged })];
  const old = tooOld({ current: current.generation, catalog, keep, damaged }).filter(
    (number) => !kept.includes(number),
  );
  if (dryRun) return { removed: old, problem: null };
  for (const number of old) await remove(directory, generationName(number));
  await removeLeftOvers(directory, now);
  return { removed: old, problem: null };
}

/** What is older than the newest `keep` that could be restored, newest first. */
function tooOld({
  current,
  catalog,
  keep,
  damaged,
}: {
  current: number;
  catalog: ImageCatalog;
  keep: number;
  damaged: readonly number[];
}): number[] {
  // A generation above the current one is not ours to judge.
  const below = catalog.generations.filter(({ generation }) => generation <= current).toReversed();
  const sound = below.filter(({ generation, problem }) => problem === null && !damaged.includes(generation));
  const oldest = sound[Math.max(1, keep) - 1]?.generation ?? 0;
  return below.map(({ generation }) => generation).filter((number) => number < oldest);
}

/** Instead of which there would be nothing but images with zeros where the disk had bad sectors. */
function lastUndamaged({
  catalog,
  current,
  damaged,
}: {
  catalog: ImageCatalog;
  current: FoundGeneration;
  damaged: readonly number[];
}): number[] {
  const slots = (current.manifest?.disks ?? [])
    .filter((disk) => disk.damaged === true)
    .map(({ slot }) => slot);
  const older = catalog.generations
    .filter(({ generation, problem }) => generation < current.generation && problem === null)
    .filter(({ generation }) => !damaged.includes(generation))
    .toSorted((a, b) => b.generation - a.generation);
  return slots.flatMap((slot) => {
    const isWhole = (disk: ManifestDisk) => disk.slot === slot && disk.damaged !== true;
    const whole = older.find(({ manifest }) => manifest?.disks.some(isWhole));
    return whole === undefined ? [] : [whole.generation];
  });
}

async function proofOf(
  directory: string,
  manifest: Parameters<typeof proveGeneration>[1] | null,
): Promise<string | null> {
  return manifest === null ? 'its manifest is missing' : proveGeneration(directory, manifest);
}

async function remove(directory: string, name: string): Promise<void> {
  const going = join(directory, `${GOING_PREFIX}${name}`);
  await rename(join(directory, name), going);
  await removeTree(going);
}

/** Generations are read-only directories; what is in them may be linked from others. */
async function removeTree(path: string): Promise<void> {
  await chmod(path, 0o755);
  await rm(path, { recursive: true });
}

/** What dead jobs and interrupted removals left, a week later. */
async function removeLeftOvers(directory: string, now: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const path = join(directory, name);
    const { mtimeMs } = await lstat(path);
    if (name.startsWith(GOING_PREFIX) || now - mtimeMs > LEFT_OVER_AGE_MS) await removeTree(path);
  }
}
