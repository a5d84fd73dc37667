import type { Disk, DiskIdentity } from './disk.ts';

/** The disk that was looked for, with the size it had then. */
export interface WantedDisk {
  identity: DiskIdentity;
  sizeBytes: number;
  /** The kernel's name for it back then: never enough alone while there is a choice. */
  kernelName: string;
}

export type DiskMatch =
  | { kind: 'certain'; disk: Disk; by: 'wwn' | 'model and serial' | 'path and size' | 'only disk' }
  /** Something fits, but a person has to look: the directive is a question. */
  | { kind: 'doubtful'; disk: Disk; why: string }
  /** Two nodes claim one identity (multipath): never written. */
  | { kind: 'doubled'; disks: Disk[] }
  | { kind: 'missing' };

const PLACEHOLDERS = new Set([
  '',
  '0',
  'none',
  'n/a',
  'na',
  'unknown',
  'default string',
  'to be filled by o.e.m.',
  'not specified',
  'serial',
  'qemu harddisk',
  'empty',
  'null',
]);

/** True for serials and UUIDs that firmware fills in instead of a real value. */
export function isPlaceholder(value: string | null): boolean {
  if (value === null) return true;
  const plain = value.trim().toLowerCase();
  return (
    PLACEHOLDERS.has(plain) ||
    /^(?:0x)?[0-]+$/.test(plain) ||
    /^[f-]+$/.test(plain) ||
    /^0?123456789/.test(plain)
  );
}

/**
 * Finds the disk among those present, in the order of trust: WWN; model and serial when
 * unique and no placeholder; by-path name and size. The kernel's name never decides
 * while there is more than one candidate.
 */
export function matchDisk(wanted: WantedDisk, present: readonly Disk[]): DiskMatch {
  const { identity } = wanted;
  if (!isPlaceholder(identity.wwn)) {
    const same = present.filter((disk) => disk.identity.wwn === identity.wwn);
    return decided(same, 'wwn') ?? replacement(wanted, present);
  }
  if (!isPlaceholder(identity.serial)) {
    const same = present.filter(
      (disk) => disk.identity.serial === identity.serial && disk.identity.model === identity.model,
    );
    return decided(same, 'model and serial') ?? replacement(wanted, present);
  }
  if (identity.path !== null) {
    const same = present.filter(
      (disk) => disk.identity.path === identity.path && disk.sizeBytes === wanted.sizeBytes,
    );
    const match = decided(same, 'path and size');
    if (match) return match;
  }
  return anonymous(wanted, present);
}

function decided(same: Disk[], by: 'wwn' | 'model and serial' | 'path and size'): DiskMatch | undefined {
  const [first] = same;
  if (first === undefined) return undefined;
  return same.length === 1 ? { kind: 'certain', disk: first, by } : { kind: 'doubled', disks: same };
}

/** The identified disk is gone; one that sits in its place may be its replacement. */
function replacement(wanted: WantedDisk, present: readonly Disk[]): DiskMatch {
  const usable = present.filter((disk) => disk.unusable === null);
  const inPlace =
    usable.find((disk) => wanted.identity.path !== null && disk.identity.path === wanted.identity.path) ??
    usable.find((disk) => disk.kernelName === wanted.kernelName);
  if (inPlace === undefined) return { kind: 'missing' };
  return { kind: 'doubtful', disk: inPlace, why: 'another disk is in its place' };
}

function anonymous(wanted: WantedDisk, present: readonly Disk[]): DiskMatch {
  const usable = present.filter((disk) => disk.unusable === null);
  const [only] = usable;
  if (only === undefined) return { kind: 'missing' };
  if (usable.length === 1) {
    return only.sizeBytes === wanted.sizeBytes
      ? { kind: 'certain', disk: only, by: 'only disk' }
      : { kind: 'doubtful', disk: only, why: 'its size changed and it has no serial number' };
  }
  const named = usable.find((disk) => disk.kernelName === wanted.kernelName);
  return named === undefined
    ? { kind: 'missing' }
    : { kind: 'doubtful', disk: named, why: 'only its kernel name fits, and there are other disks' };
}
