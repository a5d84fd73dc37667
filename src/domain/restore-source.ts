import type { TestboxAddress } from '../contract/address.ts';
import { badRangesOf, type ManifestDisk } from '../contract/manifest.ts';
import type { PlannedDisk, PlannedImage } from '../contract/plan.ts';
import { GENERATIONS_DIRECTORY, generationName, handedOverName } from '../contract/share-layout.ts';
import type { RecordedHardware } from './hardware.ts';
import type { FoundGeneration, ImageCatalog, PlainImage } from './images.ts';
import type { PlanNotes } from './plan-notes.ts';

/** A generation as a person has to tell it from others. */
export interface KnownGeneration {
  generation: number;
  createdAt: string | null;
  current: boolean;
  /** Null when nothing is known to be wrong with it. */
  problem: string | null;
}

export type ImageRefusal =
  | { code: 'no-image' }
  /** The images are another box's, and this one has no such disks. */
  | { code: 'no-disk-for'; slots: readonly string[]; known: readonly string[] }
  | { code: 'sector-size-differs'; slot: string; image: number; disk: number }
  | { code: 'no-such-generation'; generation: number; known: readonly KnownGeneration[] }
  | {
      code: 'image-incomplete';
      generation: number;
      problem: string;
      known: readonly KnownGeneration[];
    }
  /** Two plain images of one disk: a person says which one counts. */
  | { code: 'two-plain-images'; files: readonly string[] }
  | { code: 'no-image-of'; slots: readonly string[]; known: readonly string[] };

interface Source {
  catalog: ImageCatalog;
  hardware: RecordedHardware | null;
  /** Null is all that the image holds. */
  allowed: readonly string[] | null;
  /** The generation that was asked for; null is the current one. */
  asOf: number | null;
  /** Whose images they are, when it is another box than the one with the hardware. */
  lender: { name: string; address: TestboxAddress } | null;
}

export type ChosenImages =
  | {
      disks: readonly PlannedDisk[];
      images: PlanNotes['images'];
      hostKeys: readonly string[];
      leftOut: readonly string[];
    }
  | { refused: ImageRefusal };

/** What a restore reads: the generation asked for or the current one, else the original's plain images. */
export function chooseImages(source: Source): ChosenImages {
  const { catalog, asOf } = source;
  if (asOf !== null) {
    const found = catalog.generations.find(({ generation }) => generation === asOf);
    if (found !== undefined) return fromGeneration(found, source);
    return { refused: { code: 'no-such-generation', generation: asOf, known: generationsOf(catalog) } };
  }
  if (catalog.current !== null) {
    const found = catalog.generations.find(({ generation }) => generation === catalog.current);
    return fromGeneration(found ?? missing(catalog.current), source);
  }
  return catalog.plain.length === 0 ? { refused: { code: 'no-image' } } : fromPlain(source);
}

/** Newest first. */
function generationsOf({ current, generations }: ImageCatalog): KnownGeneration[] {
  return generations
    .map(({ generation, manifest, problem }) => ({
      generation,
      createdAt: manifest?.createdAt ?? null,
      current: generation === current,
      problem,
    }))
    .toReversed();
}

function missing(generation: number): FoundGeneration {
  return { generation, manifest: null, problem: '`current` points to a generation that is not there' };
}

function fromGeneration(
  { generation, manifest, problem, verifiedAt = null }: FoundGeneration,
  source: Source,
): ChosenImages {
  if (manifest === null || problem !== null) {
    return {
      refused: {
        code: 'image-incomplete',
        generation,
        problem: problem ?? 'its manifest is missing',
        known: generationsOf(source.catalog),
      },
    };
  }
  const known = manifest.disks.map(({ slot }) => slot);
  const unknown = source.allowed?.filter((slot) => !known.includes(slot)) ?? [];
  const wanted = manifest.disks.filter(
    ({ slot }) => source.allowed === null || source.allowed.includes(slot),
  );
  if (wanted.length === 0) return { refused: { code: 'no-image-of', slots: unknown, known } };
  const misfit = source.lender === null ? null : misfitOf(wanted, source.hardware);
  if (misfit !== null) return { refused: misfit };
  return {
    disks: wanted.map((disk) => ({
      slot: disk.slot,
      disk: source.hardware?.slots[disk.slot] ?? capturedDisk(disk, source),
      image: lent(imageOf(generation, disk), source),
    })),
    images: wanted.map(({ slot, codedBytes }) => ({
      ...{ slot, codedBytes, verifiedAt },
      createdAt: manifest.createdAt,
    })),
    hostKeys: manifest.hostKeys,
    leftOut: known
      .filter((slot) => !wanted.some((disk) => disk.slot === slot))
      .map((slot) => `${slot}: not asked for`),
  };
}

/** The disk that the image was taken of; of another box's says nothing about this one's. */
function capturedDisk(
  { identity, kernelName, sizeBytes, sectorSizeBytes }: ManifestDisk,
  { lender }: Source,
): PlannedDisk['disk'] {
  return lender === null ? { identity, kernelName, sizeBytes, sectorSizeBytes } : null;
}

/** Why images of another box can't be on the disks of this one, as far as these are known. */
function misfitOf(wanted: readonly ManifestDisk[], hardware: RecordedHardware | null): ImageRefusal | null {
  if (hardware === null) return null;
  const known = Object.keys(hardware.slots);
  const slots = wanted.map(({ slot }) => slot).filter((slot) => !known.includes(slot));
  if (slots.length > 0) return { code: 'no-disk-for', slots, known };
  for (const { slot, sectorSizeBytes: image, indexHash } of wanted) {
    const disk = hardware.slots[slot]?.sectorSizeBytes ?? image;
    if (indexHash !== null && disk !== image) return { code: 'sector-size-differs', slot, image, disk };
  }
  return null;
}

/** Another box's image is read from this one's directory, where it is put for the job. */
function lent(image: PlannedImage, { lender }: Source): PlannedImage {
  return lender === null ? image : { ...image, file: handedOverName(lender.address, image.file) };
}

function imageOf(generation: number, disk: ManifestDisk): PlannedImage {
  const file = `${GENERATIONS_DIRECTORY}/${generationName(generation)}/${disk.file}`;
  if (disk.indexHash === null) return { kind: 'plain', file, codedBytes: disk.codedBytes, modifiedAt: 0 };
  const { codec, sizeBytes, sectorSizeBytes, codedBytes, indexHash } = disk;
  const image = { generation, file, indexHash, codec, sizeBytes, sectorSizeBytes, codedBytes };
  return { kind: 'indexed', ...image, ...badRangesOf(disk) };
}

function fromPlain(source: Source): ChosenImages {
  const { catalog, hardware, allowed, lender } = source;
  const wanted = catalog.plain.filter(({ slot }) => allowed === null || allowed.includes(slot));
  if (wanted.length === 0) {
    return {
      refused: { code: 'no-image-of', slots: allowed ?? [], known: catalog.plain.map(({ slot }) => slot) },
    };
  }
  const doubled = wanted.filter((image) =>
    wanted.some((other) => other !== image && other.slot === image.slot),
  );
  if (doubled.length > 0) {
    return { refused: { code: 'two-plain-images', files: doubled.map(({ file }) => file) } };
  }
  const slots = wanted.map(({ slot }) => slot).filter((slot) => hardware?.slots[slot] === undefined);
  if (lender !== null && hardware !== null && slots.length > 0)
    return { refused: { code: 'no-disk-for', slots, known: Object.keys(hardware.slots) } };
  return {
    disks: wanted.map((image) => ({
      slot: image.slot,
      disk: hardware?.slots[image.slot] ?? null,
      image: lent(plainImage(image), source),
    })),
    images: wanted.map(({ slot, codedBytes, modifiedAt }) => ({
      slot,
      codedBytes,
      createdAt: new Date(modifiedAt).toISOString(),
    })),
    hostKeys: [],
    leftOut: [],
  };
}

function plainImage({ file, codedBytes, modifiedAt }: PlainImage): PlannedImage {
  return { kind: 'plain', file, codedBytes, modifiedAt: Math.trunc(modifiedAt) };
}
