import { z } from 'zod';

/**
 * The name a disk's image has carried since its first capture, such as `sda` or
 * `nvme0n1`. The kernel may call the disk something else today.
 */
export const DiskSlot = z.string().regex(/^[a-z][a-z0-9]{1,31}$/, 'expected a disk name such as sda');
export type DiskSlot = z.infer<typeof DiskSlot>;

/** What tells one physical disk from another. Fields that the disk doesn't give are null. */
export const DiskIdentity = z.object({
  /** WWN, EUI-64 or NGUID, as the kernel prints it. */
  wwn: z.string().max(128).nullable(),
  model: z.string().max(128).nullable(),
  serial: z.string().max(128).nullable(),
  /** The name below /dev/disk/by-path. */
  path: z.string().max(256).nullable(),
});
export type DiskIdentity = z.infer<typeof DiskIdentity>;

/** A whole disk as found on a machine. */
export const Disk = z.object({
  /** What the kernel calls it at the moment, without `/dev/`. */
  kernelName: DiskSlot,
  identity: DiskIdentity,
  sizeBytes: z.int().nonnegative(),
  /** Logical sector size. */
  sectorSizeBytes: z.int().positive(),
  /** Why the disk can't be imaged (removable, USB, read-only …); null when it can. */
  unusable: z.string().max(200).nullable(),
});
export type Disk = z.infer<typeof Disk>;
