import type { FoundGeneration, ImageCatalog } from './images.ts';

/** What reading an image through on the server has found. */
export interface Verification {
  generation: number;
  slot: string;
  /** Of the image that was read: one that is there now under another hash was never read. */
  imageHash: string | null;
  /** Epoch ms. */
  at: number;
  /** Null when the image is as its index says. */
  problem: string | null;
}

/** The catalog with what is known of its images beyond their names and sizes. */
export function withVerifications(
  catalog: ImageCatalog,
  verifications: readonly Verification[],
): ImageCatalog {
  return {
    ...catalog,
    generations: catalog.generations.map((found) => verified(found, verifications)),
  };
}

function verified(found: FoundGeneration, verifications: readonly Verification[]): FoundGeneration {
  const known = (found.manifest?.disks ?? []).map(({ slot, indexHash }) =>
    verifications.find(
      (each) => each.generation === found.generation && each.slot === slot && each.imageHash === indexHash,
    ),
  );
  const damaged = known.find((each) => each !== undefined && each.problem !== null);
  const all = known.filter((each) => each !== undefined);
  return {
    ...found,
    problem: found.problem ?? damaged?.problem ?? null,
    verifiedAt:
      damaged === undefined && known.length > 0 && all.length === known.length
        ? Math.min(...all.map(({ at }) => at))
        : null,
  };
}
