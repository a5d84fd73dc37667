import type { ManifestDisk } from '../contract/manifest.ts';
import type { PlannedDisk, PlannedImage } from '../contract/plan.ts';
import { GENERATIONS_DIRECTORY, generationName } from '../contract/share-layout.ts';
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
export function generationsOf({ current, generations }: ImageCatalog): KnownGeneration[] {
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

function fromGeneration({ generation, manifest, problem }: FoundGeneration, source: Source): ChosenImages {
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
  return {
    disks: wanted.map((disk) => ({
      slot: disk.slot,
      disk: source.hardware?.slots[disk.slot] ?? {
        identity: disk.identity,
        kernelName: disk.kernelName,
        sizeBytes: disk.sizeBytes,
        sectorSizeBytes: disk.sectorSizeBytes,
      },
      image: imageOf(generation, disk),
    })),
    images: wanted.map(({ slot, codedBytes }) => ({ slot, codedBytes, createdAt: manifest.createdAt })),
    hostKeys: manifest.hostKeys,
    leftOut: known
      .filter((slot) => !wanted.some((disk) => disk.slot === slot))
      .map((slot) => `${slot}: not asked for`),
  };
}

function imageOf(generation: number, disk: ManifestDisk): PlannedImage {
  const file = `${GENERATIONS_DIRECTORY}/${generationName(generation)}/${disk.file}`;
  if (disk.indexHash === null) return { kind: 'plain', file, codedBytes: disk.codedBytes, modifiedAt: 0 };
  const { codec, sizeBytes, sectorSizeBytes, codedBytes, indexHash } = disk;
  return { kind: 'indexed', generation, file, indexHash, codec, sizeBytes, sectorSizeBytes, codedBytes };
}

function fromPlain({ catalog, hardware, allowed }: Source): ChosenImages {
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
  return {
    disks: wanted.map((image) => ({
      slot: image.slot,
      disk: hardware?.slots[image.slot] ?? null,
      image: plainImage(image),
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
