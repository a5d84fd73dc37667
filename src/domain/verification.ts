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

/**
 * What was found last of an image; null when it was never read. The links that several generations have to
 * one image bear one hash: it is read under one of them, and known of all.
 */
export function newestOf(
  verifications: readonly Verification[],
  { generation, slot, imageHash }: Pick<Verification, 'generation' | 'slot' | 'imageHash'>,
): Verification | null {
  const known = verifications.filter(
    (each) =>
      each.slot === slot &&
      each.imageHash === imageHash &&
      (imageHash !== null || each.generation === generation),
  );
  return known.toSorted((a, b) => b.at - a.at)[0] ?? null;
}

function verified(found: FoundGeneration, verifications: readonly Verification[]): FoundGeneration {
  const known = (found.manifest?.disks ?? []).map(({ slot, indexHash }) =>
    newestOf(verifications, { generation: found.generation, slot, imageHash: indexHash }),
  );
  const damaged = known.find((each) => each !== null && each.problem !== null) ?? null;
  const all = known.filter((each) => each !== null);
  return {
    ...found,
    problem: found.problem ?? damaged?.problem ?? null,
    verifiedAt:
      damaged === null && known.length > 0 && all.length === known.length
        ? Math.min(...all.map(({ at }) => at))
        : null,
  };
}
