import type { Disk, DiskIdentity } from '../contract/disk.ts';
import type { PlanFacts } from '../contract/plan.ts';

/** The physical disk behind a slot name. */
interface SlotDisk {
  identity: DiskIdentity;
  kernelName: string;
  sizeBytes: number;
  sectorSizeBytes: number;
}

/** What is recorded of a box's hardware, from the agent's hello. */
export interface RecordedHardware {
  uuid: string | null;
  macs: readonly string[];
  /** As found the last time, usable or not. */
  disks: readonly Disk[];
  /** Which physical disk has which slot name, since the slot's first capture. */
  slots: Readonly<Record<string, SlotDisk>>;
  /** Epoch ms. */
  seenAt: number;
}

/** What the agent found when it said hello. */
export interface SeenHardware {
  uuid: string | null;
  macs: readonly string[];
  disks: readonly Disk[];
}

/**
 * The record after a hello. At the first contact every usable disk gets the kernel's name
 * as its slot; later a disk that nobody has accepted gets none.
 */
export function recordHardware(
  recorded: RecordedHardware | null,
  seen: SeenHardware,
  now: number,
): RecordedHardware {
  const slots = recorded === null ? firstSlots(seen.disks) : recorded.slots;
  const uuid = recorded === null ? seen.uuid : recorded.uuid;
  return { uuid, macs: seen.macs, disks: seen.disks, slots, seenAt: now };
}

/** The record after a job that was done as planned: accepted replacements take their slots. */
export function recordPlannedDisks(recorded: RecordedHardware, plan: PlanFacts): RecordedHardware {
  const planned = plan.disks.flatMap(({ slot, disk }) => (disk === null ? [] : [[slot, disk] as const]));
  return {
    ...recorded,
    uuid: plan.testbox.uuid ?? recorded.uuid,
    slots: { ...recorded.slots, ...Object.fromEntries(planned) },
  };
}

function firstSlots(disks: readonly Disk[]): Record<string, SlotDisk> {
  return Object.fromEntries(
    disks
      .filter((disk) => disk.unusable === null)
      .map(({ kernelName, identity, sizeBytes, sectorSizeBytes }) => [
        kernelName,
        { identity, kernelName, sizeBytes, sectorSizeBytes },
      ]),
  );
}
