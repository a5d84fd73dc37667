import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Action } from './action.ts';
import { TestboxAddress } from './address.ts';
import { ByteRange } from './byte-range.ts';
import { DiskIdentity, DiskSlot } from './disk.ts';
import { Sha256 } from './ids.ts';

/** How chunks are coded: `gzip` makes `<slot>.raw.gz`, `zstd` makes `<slot>.raw.zst`. */
export const Codec = z.enum(['gzip', 'zstd']);
export type Codec = z.infer<typeof Codec>;

/** The image a restore reads. `file` is relative to the box's directory on the share. */
export const PlannedImage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('indexed'),
    generation: z.int().positive(),
    file: z.string(),
    /** The image's hash: SHA-256 at the end of its index. */
    indexHash: Sha256,
    codec: Codec,
    /** Size of the raw disk it holds. */
    sizeBytes: z.int().nonnegative(),
    sectorSizeBytes: z.int().positive(),
    codedBytes: z.int().nonnegative(),
    /** Zeros stand there for bytes that the disk did not give; left out where it gave all of them. */
    badRanges: z.array(ByteRange).optional(),
  }),
  /** A gzip file of the original scripts: no index, so size and time stand for it. */
  z.object({
    kind: z.literal('plain'),
    file: z.string(),
    codedBytes: z.int().nonnegative(),
    /** Epoch ms; 0 for one in a generation, which nothing writes to any more. */
    modifiedAt: z.int().nonnegative(),
  }),
]);
export type PlannedImage = z.infer<typeof PlannedImage>;

export const PlannedDisk = z.object({
  slot: DiskSlot,
  /** The physical disk; null while the box has never been seen and the image is plain. */
  disk: z
    .object({
      identity: DiskIdentity,
      kernelName: DiskSlot,
      sizeBytes: z.int().nonnegative(),
      sectorSizeBytes: z.int().positive(),
    })
    .nullable(),
  /** What a restore writes onto it; null for every other action. */
  image: PlannedImage.nullable(),
});
export type PlannedDisk = z.infer<typeof PlannedDisk>;

/** What a job will do, as facts. Approving approves their digest. */
export const PlanFacts = z.object({
  version: z.literal(1),
  action: Action,
  testbox: z.object({
    name: z.string(),
    address: TestboxAddress,
    /** MAC of the boot NIC, lower case with colons; null when the inventory doesn't say. */
    mac: z.string().nullable(),
    /** DMI UUID; null when unknown or a placeholder. */
    uuid: z.string().nullable(),
  }),
  /** The box's hardware has never been recorded: what the agent finds becomes its identity. */
  firstContact: z.boolean(),
  /** Empty at a first contact: the disks are then taken as found. */
  disks: z.array(PlannedDisk),
  /** Whose images a restore writes, when they are another box's; left out when they are its own. */
  source: z.object({ name: z.string(), address: TestboxAddress }).optional(),
  /**
   * On a disk that is larger than its image, signatures that lie behind the image are wiped, and
   * the backup GPT header goes to the disk's end. Left out when it stays as it is.
   */
  fit: z.literal(true).optional(),
  /** The requester's or the inventory's restriction to these slots; null is all. */
  onlySlots: z.array(DiskSlot).nullable(),
  /** The generation that is current at plan time; null when there is none. */
  currentGeneration: z.int().positive().nullable(),
  /** The boot config's text without the words that change from boot to boot. */
  bootConfig: z.string(),
  rebootMethod: z.string(),
});
export type PlanFacts = z.infer<typeof PlanFacts>;

/** SHA-256 over the facts in canonical JSON (object keys sorted): what people approve. */
export function planDigest(facts: PlanFacts): Sha256 {
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

/** JSON with sorted keys, so that equal values always give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
