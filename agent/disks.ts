import type { Disk, DiskSlot } from '../src/contract/disk.ts';
import { type DiskMatch, matchDisk } from '../src/contract/disk-match.ts';
import { canonicalJson, type PlanFacts, type PlannedDisk, type PlannedImage } from '../src/contract/plan.ts';
import { Failure } from './failure.ts';

/** A disk of this machine that the action works on. */
export interface Target {
  slot: DiskSlot;
  disk: Disk;
  /** What a restore writes onto it; null for a backup. */
  image: PlannedImage | null;
}

/** A target that is not quite what the plan says. */
export interface Doubt {
  kind: 'disk-replaced' | 'disk-doubtful';
  target: Target;
  planned: PlannedDisk;
  why: string;
}

export interface Choice {
  targets: Target[];
  doubts: Doubt[];
  leftOut: Disk[];
}

/**
 * The plan's disks among those present; at a first contact that plans none, all that can
 * be imaged, under their kernel names.
 *
 * @param only the slots of `disk-devices.lst`, for a first contact; null is all
 * @throws Failure when a planned disk is missing, busy or there twice
 */
export function chooseDisks(
  plan: PlanFacts,
  present: readonly Disk[],
  only: readonly DiskSlot[] | null,
): Choice {
  const wanted = plan.disks.filter((planned) => plan.onlySlots?.includes(planned.slot) ?? true);
  const choice =
    plan.firstContact && plan.disks.length === 0
      ? foundDisks(plan, present, only)
      : plannedDisks(wanted, present);
  if (choice.targets.length === 0) {
    throw new Failure({
      class: 'box',
      code: 'no-disks',
      message: `no disk to work on: ${inventory(present)}`,
    });
  }
  return choice;
}

function foundDisks(plan: PlanFacts, present: readonly Disk[], only: readonly DiskSlot[] | null): Choice {
  const wanted = (disk: Disk) =>
    disk.unusable === null &&
    (plan.onlySlots?.includes(disk.kernelName) ?? true) &&
    (only?.includes(disk.kernelName) ?? true);
  const found = present.filter(wanted);
  requireDistinct(found);
  return {
    targets: found.map((disk) => ({ slot: disk.kernelName, disk, image: null })),
    doubts: [],
    leftOut: present.filter((disk) => !wanted(disk)),
  };
}

/** What can't be told apart now could never be restored. @throws Failure disk-doubled */
function requireDistinct(found: readonly Disk[]): void {
  for (const disk of found) {
    const match = matchDisk(disk, found);
    if (match.kind === 'doubled') throw doubled(match.disks);
  }
}

function plannedDisks(wanted: readonly PlannedDisk[], present: readonly Disk[]): Choice {
  // The certain ones first: after a disk was pulled, kernel names move, and a doubtful match
  // by name must never take a disk that belongs to another slot.
  const matches = new Map<PlannedDisk, DiskMatch>();
  for (const planned of wanted) matches.set(planned, matchPlanned(planned, present));
  const taken = new Set<Disk>();
  for (const match of matches.values()) if (match.kind === 'certain') taken.add(match.disk);

  const targets: Target[] = [];
  const doubts: Doubt[] = [];
  for (const planned of wanted) {
    const first = matches.get(planned);
    const free = present.filter((disk) => !taken.has(disk));
    const match =
      first?.kind === 'certain' || first?.kind === 'doubled' ? first : matchPlanned(planned, free);
    const disk = matchedDisk(planned, match, present);
    taken.add(disk);
    const target: Target = { slot: planned.slot, disk, image: planned.image };
    targets.push(target);
    const doubt = doubtOf(target, planned, match);
    if (doubt !== undefined) doubts.push(doubt);
  }
  return { targets, doubts, leftOut: present.filter((disk) => !taken.has(disk)) };
}

function matchPlanned(planned: PlannedDisk, present: readonly Disk[]): DiskMatch {
  if (planned.disk !== null) return matchDisk(planned.disk, present);
  const named = present.find((disk) => disk.kernelName === planned.slot && disk.unusable === null);
  return named === undefined
    ? { kind: 'missing' }
    : { kind: 'doubtful', disk: named, why: 'it has never been seen, only its kernel name fits' };
}

function matchedDisk(planned: PlannedDisk, match: DiskMatch, present: readonly Disk[]): Disk {
  switch (match.kind) {
    case 'missing':
      throw new Failure({
        class: 'box',
        code: 'disk-missing',
        message: `the disk of ${planned.slot} is not there: ${inventory(present)}`,
      });
    case 'doubled':
      throw doubled(match.disks);
    case 'certain':
    case 'doubtful':
      if (match.disk.unusable === null) return match.disk;
      throw new Failure({
        class: 'box',
        code: 'disk-busy',
        message: `/dev/${match.disk.kernelName}, the disk of ${planned.slot}, can't be used: ${match.disk.unusable}`,
      });
  }
}

function doubled(disks: readonly Disk[]): Failure {
  const names = disks.map(({ kernelName }) => kernelName).join(' and ');
  return new Failure({
    class: 'box',
    code: 'disk-doubled',
    message: `${names} claim to be the same disk (multipath?)`,
  });
}

function doubtOf(target: Target, planned: PlannedDisk, match: DiskMatch): Doubt | undefined {
  if (match.kind === 'doubtful') {
    const replaced = match.why === 'another disk is in its place';
    return { kind: replaced ? 'disk-replaced' : 'disk-doubtful', target, planned, why: match.why };
  }
  const before = planned.disk;
  if (before === null) return undefined;
  const { disk } = target;
  if (disk.sizeBytes !== before.sizeBytes || disk.sectorSizeBytes !== before.sectorSizeBytes) {
    return { kind: 'disk-doubtful', target, planned, why: 'its size or sector size changed' };
  }
  return undefined;
}

/** What stands for one physical disk in the plan. */
export function plannedDisk(target: Target): PlannedDisk {
  const { identity, kernelName, sizeBytes, sectorSizeBytes } = target.disk;
  return {
    slot: target.slot,
    disk: { identity, kernelName, sizeBytes, sectorSizeBytes },
    image: target.image,
  };
}

/** Names one answer to the question whether this disk may stand for this slot. */
export function doubtKey({ slot, disk }: PlannedDisk): string {
  return canonicalJson({ slot, disk });
}

/** One line that tells a person which disk is meant. */
export function describeDisk(disk: PlannedDisk['disk'] | Disk): string {
  if (disk === null) return 'a disk that has never been seen';
  const { model, serial, wwn, path } = disk.identity;
  const words = [model, serial, wwn, path].filter((word) => word !== null && word !== '');
  return `${disk.kernelName}: ${words.join(', ') || 'no identity'}, ${disk.sizeBytes} bytes in sectors of ${disk.sectorSizeBytes}`;
}

function inventory(present: readonly Disk[]): string {
  if (present.length === 0) return 'the machine shows no disks';
  return present
    .map((disk) => `${describeDisk(disk)}${disk.unusable === null ? '' : ` (${disk.unusable})`}`)
    .join('; ')
    .slice(0, 1500);
}
