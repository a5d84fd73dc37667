import type { TestboxAddress } from '../contract/address.ts';
import type { PlannedDisk } from '../contract/plan.ts';
import type { RecordedHardware } from './hardware.ts';
import type { ImageCatalog } from './images.ts';

/** The box whose images a restore writes onto another one. */
export interface Lender {
  name: string;
  address: TestboxAddress;
  catalog: ImageCatalog;
  /** Null when it was never seen. */
  hardware: RecordedHardware | null;
}

/** A disk as far as it matters to an image of another one. */
interface DiskKind {
  model: string | null;
  sizeBytes: number;
  sectorSizeBytes: number;
}

/** What people have to know before one box becomes a copy of another. */
export interface CopyOf {
  name: string;
  /** Both machines were seen: else there is nothing to compare. */
  seen: boolean;
  /** Network cards of the lender, and of the box. */
  cards: { lender: number; own: number };
  disks: readonly {
    slot: string;
    /** What the image was taken of; null for a plain image. */
    image: DiskKind | null;
    /** Null when the box was never seen. */
    disk: DiskKind | null;
  }[];
}

export function compareHardware({
  lender,
  hardware,
  disks,
}: {
  lender: Lender;
  hardware: RecordedHardware | null;
  disks: readonly PlannedDisk[];
}): CopyOf {
  return {
    name: lender.name,
    seen: lender.hardware !== null && hardware !== null,
    cards: { lender: lender.hardware?.macs.length ?? 0, own: hardware?.macs.length ?? 0 },
    disks: disks.map(({ slot, disk, image }) => ({
      slot,
      image:
        image?.kind === 'indexed'
          ? {
              model: lender.hardware?.slots[slot]?.identity.model ?? null,
              sizeBytes: image.sizeBytes,
              sectorSizeBytes: image.sectorSizeBytes,
            }
          : null,
      disk:
        disk === null
          ? null
          : {
              model: disk.identity.model,
              sizeBytes: disk.sizeBytes,
              sectorSizeBytes: disk.sectorSizeBytes,
            },
    })),
  };
}
