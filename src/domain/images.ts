import type { Manifest } from '../contract/manifest.ts';

/** A generation as found on the share. */
export interface FoundGeneration {
  generation: number;
  manifest: Manifest | null;
  /** What is wrong with it, in words; null when its files are there in the size the manifest says. */
  problem: string | null;
  /**
   * When the oldest of its images was read through on the server and found sound, epoch ms; null
   * when one never was. Left out where nobody has looked it up.
   */
  verifiedAt?: number | null;
}

/** A gzip file of the original scripts in a box's directory. */
export interface PlainImage {
  slot: string;
  file: string;
  codedBytes: number;
  /** Epoch ms. */
  modifiedAt: number;
}

/** What the share holds for one box. */
export interface ImageCatalog {
  /** What `current` points to; null when there is none. */
  current: number | null;
  generations: readonly FoundGeneration[];
  plain: readonly PlainImage[];
  /** Kernel names from `disk-devices.lst`; null without that file. */
  diskList: readonly string[] | null;
  /** On the share, for the bot's user. */
  freeBytes: number;
}
