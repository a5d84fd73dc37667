import type { ImageCatalog } from './images.ts';

/** What was found to be wrong with an image, or with a whole generation. */
export interface Damage {
  generation: number;
  /** Null when it is the generation that can't be read. */
  slot: string | null;
  /** Of the image that was read; null where it has no index. */
  imageHash: string | null;
  problem: string;
}

/** A generation that could be restored instead. */
export interface SoundGeneration {
  generation: number;
  /** As its manifest says. */
  createdAt: string | null;
  /** Epoch ms; null for one that nobody has read through yet. */
  verifiedAt: number | null;
}

/** What nothing is known to be wrong with, newest first. */
export function soundGenerations({ generations }: ImageCatalog): SoundGeneration[] {
  return generations
    .filter(({ problem }) => problem === null)
    .toReversed()
    .map(({ generation, manifest, verifiedAt = null }) => ({
      ...{ generation, verifiedAt },
      createdAt: manifest?.createdAt ?? null,
    }));
}
