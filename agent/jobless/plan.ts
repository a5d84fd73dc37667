import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Action, capturesImages } from '../../src/contract/action.ts';
import type { Disk, DiskSlot } from '../../src/contract/disk.ts';
import { isPlaceholder, matchDisk } from '../../src/contract/disk-match.ts';
import { badRangesOf, type Manifest, type ManifestDisk } from '../../src/contract/manifest.ts';
import type { PlanFacts, PlannedDisk, PlannedImage } from '../../src/contract/plan.ts';
import { GENERATIONS_DIRECTORY, generationName } from '../../src/contract/share-layout.ts';
import { findPlainImages } from '../actions/plain-images.ts';
import { Failure } from '../failure.ts';
import { readCurrent } from '../generations.ts';
import type { Machine } from '../machine.ts';

/** What a box plans for itself from. */
export interface PlanningPlace {
  machine: Machine;
  boxDirectory: string;
  action: Action;
  /** The boot config's text. */
  bootConfig: string;
  /** Before the first attempt. */
  currentGeneration: number | null;
  /** Of `disk-devices.lst`; null is all. */
  list: readonly DiskSlot[] | null;
}

/** The plan of a box that has nobody to give it one. @throws Failure image-missing */
export async function planForItself(place: PlanningPlace): Promise<PlanFacts> {
  const { machine, action } = place;
  return {
    version: 1,
    action,
    testbox: {
      name: (await machine.hostname()) ?? machine.address,
      address: machine.address,
      mac: machine.macs[0] ?? null,
      uuid: isPlaceholder(machine.uuid) ? null : machine.uuid,
    },
    firstContact: false,
    disks: await plannedDisks(place),
    onlySlots: null,
    currentGeneration: place.currentGeneration,
    bootConfig: place.bootConfig,
    rebootMethod: 'by the agent',
  };
}

async function plannedDisks(place: PlanningPlace): Promise<PlannedDisk[]> {
  if (capturesImages(place.action)) return await disksToCapture(place);
  return place.action === 'restore' ? await disksToRestore(place) : [];
}

/** All usable disks, or those of the list, under the names that their images have had. */
async function disksToCapture({ machine, boxDirectory, list }: PlanningPlace): Promise<PlannedDisk[]> {
  const present = await machine.listDisks();
  const slots = nameSlots(present, await readCurrent(boxDirectory));
  const usable = [...slots].filter(([disk]) => disk.unusable === null).map(([, slot]) => slot);
  return (list ?? usable).map((slot) => {
    const disk = present.find((candidate) => slots.get(candidate) === slot);
    return { slot, disk: disk === undefined ? null : factsOf(disk), image: null };
  });
}

/** Every disk under the name of its image; one that has none surely, under the kernel's name. */
function nameSlots(present: readonly Disk[], current: Manifest | null): Map<Disk, DiskSlot> {
  const named = new Map<Disk, DiskSlot>();
  for (const image of current?.disks ?? []) {
    const match = matchDisk(image, present);
    if (match.kind === 'certain') named.set(match.disk, image.slot);
  }
  const taken = new Set(named.values());
  for (const disk of present) {
    if (named.has(disk)) continue;
    if (taken.has(disk.kernelName)) throw nameTaken(disk);
    named.set(disk, disk.kernelName);
  }
  return named;
}

/**
 * The current images, else the original's plain ones. A disk without an image is left
 * alone; a disk on the list without one, or no image at all, is an error.
 */
async function disksToRestore(place: PlanningPlace): Promise<PlannedDisk[]> {
  const current = await readCurrent(place.boxDirectory);
  const sources = current === null ? await fromPlain(place) : await fromGeneration(place, current);
  const missing = place.list?.find((slot) => !sources.some((source) => source.slot === slot));
  if (sources.length > 0 && missing === undefined) {
    return sources.filter(({ slot }) => place.list?.includes(slot) ?? true);
  }
  throw new Failure({
    class: 'operator',
    code: 'image-missing',
    message: `there is no image ${missing === undefined ? 'of this box' : `of ${missing}`} to restore`,
  });
}

async function fromGeneration(
  { boxDirectory }: PlanningPlace,
  { generation, disks }: Manifest,
): Promise<PlannedDisk[]> {
  const directory = `${GENERATIONS_DIRECTORY}/${generationName(generation)}`;
  return await Promise.all(
    disks.map(async (disk) => ({
      slot: disk.slot,
      disk: factsOf(disk),
      image: await imageOf(disk, { boxDirectory, generation, file: `${directory}/${disk.file}` }),
    })),
  );
}

async function imageOf(
  disk: ManifestDisk,
  where: { boxDirectory: string; generation: number; file: string },
): Promise<PlannedImage> {
  const { indexHash, codec, sizeBytes, sectorSizeBytes, codedBytes } = disk;
  const { generation, file, boxDirectory } = where;
  if (indexHash === null) return await plainImage(boxDirectory, file);
  const image = { generation, file, indexHash, codec, sizeBytes, sectorSizeBytes, codedBytes };
  return { kind: 'indexed', ...image, ...badRangesOf(disk) };
}

/** Of two images of one disk the first by precedence. A box with one disk needs no name to know it. */
async function fromPlain({ boxDirectory, machine }: PlanningPlace): Promise<PlannedDisk[]> {
  const images = await findPlainImages(boxDirectory);
  const first = images.filter(
    ({ slot }, position) => images.findIndex((other) => other.slot === slot) === position,
  );
  const usable = (await machine.listDisks()).filter(({ unusable }) => unusable === null);
  const [only] = usable.length === 1 ? usable : [];
  return await Promise.all(
    first.map(async ({ slot, name }) => ({
      slot,
      disk: only !== undefined && only.kernelName === slot ? factsOf(only) : null,
      image: await plainImage(boxDirectory, name),
    })),
  );
}

async function plainImage(boxDirectory: string, file: string): Promise<PlannedImage> {
  const { size, mtimeMs } = await stat(join(boxDirectory, file));
  return { kind: 'plain', file, codedBytes: size, modifiedAt: Math.trunc(mtimeMs) };
}

function nameTaken({ kernelName }: Disk): Failure {
  return new Failure({
    class: 'operator',
    code: 'disk-doubtful',
    message: `/dev/${kernelName} is new, and ${kernelName} is the name of another disk's image`,
  });
}

function factsOf({ identity, kernelName, sizeBytes, sectorSizeBytes }: Disk | ManifestDisk) {
  return { identity, kernelName, sizeBytes, sectorSizeBytes };
}
