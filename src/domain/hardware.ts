import type { Disk, DiskIdentity } from '../contract/disk.ts';

/** What is recorded of a box's hardware, from the agent's hello. */
export interface RecordedHardware {
  uuid: string | null;
  macs: readonly string[];
  disks: readonly Disk[];
  /** Which physical disk has which slot name, since the slot's first capture. */
  slots: Readonly<
    Record<string, { identity: DiskIdentity; sizeBytes: number; kernelName: string; sectorSizeBytes: number }>
  >;
  /** Epoch ms. */
  seenAt: number;
}
