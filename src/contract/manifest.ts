import { z } from 'zod';
import { Action } from './action.ts';
import { TestboxAddress } from './address.ts';
import { ByteRange } from './byte-range.ts';
import { DiskIdentity, DiskSlot } from './disk.ts';
import { JobId, Sha256 } from './ids.ts';
import { Codec } from './plan.ts';

/** One disk's image in a generation. File names are relative to the generation's directory. */
export const ManifestDisk = z.object({
  slot: DiskSlot,
  file: z.string(),
  /** Null for an adopted plain image of the original. */
  indexFile: z.string().nullable(),
  indexHash: Sha256.nullable(),
  codec: Codec,
  sizeBytes: z.int().nonnegative(),
  sectorSizeBytes: z.int().positive(),
  codedBytes: z.int().nonnegative(),
  identity: DiskIdentity,
  /** What the kernel called the disk when it was captured. */
  kernelName: DiskSlot,
  /** The generation that captured it: smaller than this one when it was hard-linked. */
  origin: z.int().positive(),
  /** Marks an image in which zeros stand for bytes that the disk did not give; left out where none do. */
  damaged: z.literal(true).optional(),
  /** Where they are on the disk, in order; every bad byte is in one, and so may be sound ones around it. */
  badRanges: z.array(ByteRange).optional(),
});
export type ManifestDisk = z.infer<typeof ManifestDisk>;

/** `generations/<n>/manifest.json`: what a complete, published set of images holds. */
export const Manifest = z.object({
  version: z.literal(1),
  generation: z.int().positive(),
  job: JobId.nullable(),
  action: Action.nullable(),
  testbox: z.object({ name: z.string(), address: TestboxAddress }),
  /** UTC, ISO 8601; for people. Order is by generation number. */
  createdAt: z.string(),
  /** How the box went down before the capture. */
  shutdown: z.enum(['clean', 'power', 'unknown']),
  /** SSH host keys that the system on these images has, `type base64`. */
  hostKeys: z.array(z.string()),
  disks: z.array(ManifestDisk).min(1),
});
export type Manifest = z.infer<typeof Manifest>;

/** What a plan says of an image that is marked damaged. */
export function badRangesOf({ damaged, badRanges, sizeBytes }: ManifestDisk): { badRanges?: ByteRange[] } {
  if (damaged !== true) return {};
  // A mark without places may mean any of them.
  return { badRanges: badRanges ?? [{ offset: 0, length: Math.max(1, sizeBytes) }] };
}
