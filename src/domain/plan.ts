import type { Action } from '../contract/action.ts';
import { capturesImages } from '../contract/action.ts';
import { type PlanFacts, type PlannedDisk, planDigest } from '../contract/plan.ts';
import type { RecordedHardware } from './hardware.ts';
import type { ImageWish } from './image-wish.ts';
import type { ImageCatalog } from './images.ts';
import { compareHardware, type Lender } from './lender.ts';
import type { PlanNotes } from './plan-notes.ts';
import { chooseImages, type ImageRefusal } from './restore-source.ts';
import type { Testbox } from './testbox.ts';

/** All that a plan is made of, as it is right now. */
export interface PlanInputs {
  testbox: Testbox;
  action: Action;
  onlySlots: readonly string[] | null;
  wish: Pick<ImageWish, 'asOf' | 'fit'>;
  /** The other box that a restore takes the images of; null is the box itself. */
  lender: Lender | null;
  catalog: ImageCatalog;
  hardware: RecordedHardware | null;
  /** The boot config without job and nonce. */
  bootConfig: string;
  notes: Pick<PlanNotes, 'uptimeSeconds' | 'users' | 'sshProblem' | 'expectedMs' | 'ownHostKeys'>;
  shadowing: readonly string[];
}

export type PlanRefusal =
  | ImageRefusal
  | { code: 'no-such-lender'; typed: string; meant: string | null }
  | { code: 'image-exists'; images: string }
  | { code: 'no-space'; freeBytes: number; neededBytes: number }
  | { code: 'unknown-disks'; slots: readonly string[]; known: readonly string[] }
  | { code: 'shadowed'; files: readonly string[] };

export type BuiltPlan =
  | { kind: 'plan'; plan: PlanFacts; digest: string; notes: PlanNotes }
  | { kind: 'refused'; why: PlanRefusal };

/** A new generation is refused below this many times the size of the last one. */
const SPACE_FACTOR = 1.1;

/** Pure: what a job would do, or why it can't work. */
export function buildPlan(inputs: PlanInputs): BuiltPlan {
  const { action, catalog } = inputs;
  const files = inputs.shadowing.filter((file) => isBefore(file, inputs));
  if (files.length > 0) return { kind: 'refused', why: { code: 'shadowed', files } };
  const refused = capturesImages(action) ? captureRefusal(inputs) : null;
  if (refused !== null) return { kind: 'refused', why: refused };
  const allowed = allowedSlots(inputs);
  if (action === 'restore') {
    const chosen = chooseImages({
      catalog: inputs.lender?.catalog ?? catalog,
      hardware: inputs.hardware,
      allowed,
      asOf: inputs.wish.asOf,
      lender: inputs.lender,
    });
    if ('refused' in chosen) return { kind: 'refused', why: chosen.refused };
    return planOf(inputs, { disks: chosen.disks, allowed, chosen });
  }
  const disks = capturesImages(action) ? recordedDisks(inputs.hardware, allowed) : [];
  const missing = missingSlots(inputs, disks);
  if (missing !== null) return { kind: 'refused', why: missing };
  return planOf(inputs, { disks, allowed, chosen: null });
}

/** The file is for this very box, and PXELINUX finds it before ours. */
function isBefore(file: string, { hardware, testbox }: PlanInputs): boolean {
  const name = file.toLowerCase();
  const mac = testbox.mac === null ? null : `01-${testbox.mac.replaceAll(':', '-')}`;
  return name === mac || name === hardware?.uuid?.toLowerCase();
}

function captureRefusal({ action, catalog }: PlanInputs): PlanRefusal | null {
  if (action === 'backup' && catalog.current !== null) {
    return { code: 'image-exists', images: `generation ${catalog.current}` };
  }
  if (action === 'backup' && catalog.plain.length > 0) {
    return { code: 'image-exists', images: catalog.plain.map(({ file }) => file).join(', ') };
  }
  const neededBytes = Math.ceil(lastGenerationBytes(catalog) * SPACE_FACTOR);
  return catalog.freeBytes < neededBytes
    ? { code: 'no-space', freeBytes: catalog.freeBytes, neededBytes }
    : null;
}

/** The requester's choice, within what the inventory and `disk-devices.lst` allow; null is all. */
function allowedSlots({ testbox, catalog, onlySlots }: PlanInputs): readonly string[] | null {
  const lists = [testbox.disks, catalog.diskList, onlySlots].filter((list) => list !== null);
  const [first, ...others] = lists;
  if (first === undefined) return null;
  return first.filter((slot) => others.every((list) => list.includes(slot)));
}

function recordedDisks(hardware: RecordedHardware | null, allowed: readonly string[] | null): PlannedDisk[] {
  return Object.entries(hardware?.slots ?? {})
    .filter(([slot]) => allowed === null || allowed.includes(slot))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slot, disk]) => ({ slot, disk, image: null }));
}

/** Disks that were asked for by name, and that nobody knows. */
function missingSlots(inputs: PlanInputs, disks: readonly PlannedDisk[]): PlanRefusal | null {
  if (inputs.onlySlots === null || inputs.hardware === null || !capturesImages(inputs.action)) return null;
  const slots = inputs.onlySlots.filter((slot) => !disks.some((disk) => disk.slot === slot));
  return slots.length === 0
    ? null
    : { code: 'unknown-disks', slots, known: Object.keys(inputs.hardware.slots) };
}

interface Chosen {
  disks: readonly PlannedDisk[];
  allowed: readonly string[] | null;
  chosen: { images: PlanNotes['images']; hostKeys: readonly string[]; leftOut: readonly string[] } | null;
}

function planOf(inputs: PlanInputs, { disks, allowed, chosen }: Chosen): BuiltPlan {
  const { testbox, hardware, catalog, lender } = inputs;
  const plan: PlanFacts = {
    version: 1,
    action: inputs.action,
    testbox: { name: testbox.name, address: testbox.address, mac: testbox.mac, uuid: hardware?.uuid ?? null },
    firstContact: hardware === null,
    disks: [...disks],
    ...(lender === null ? {} : { source: { name: lender.name, address: lender.address } }),
    ...(inputs.action === 'restore' && inputs.wish.fit === true ? { fit: true } : {}),
    onlySlots: allowed === null ? null : [...allowed],
    currentGeneration: catalog.current,
    bootConfig: inputs.bootConfig,
    rebootMethod: `ssh ${testbox.ssh.user}@${testbox.ssh.host}:${testbox.ssh.port}`,
  };
  const notes: PlanNotes = {
    ...inputs.notes,
    images: chosen?.images ?? [],
    freeBytes: catalog.freeBytes,
    lastGenerationBytes: catalog.current === null ? null : lastGenerationBytes(catalog),
    leftOut: [...(chosen?.leftOut ?? []), ...unusableDisks(hardware)],
    warnings: inputs.action === 'restore' ? restoreWarnings(inputs, chosen) : [],
    imageHostKeys: chosen?.hostKeys ?? [],
    ...(lender === null ? {} : { copyOf: compareHardware({ lender, hardware, disks }) }),
  };
  return { kind: 'plan', plan, digest: planDigest(plan), notes };
}

function restoreWarnings({ hardware, lender, testbox }: PlanInputs, chosen: Chosen['chosen']): string[] {
  const isBlind = lender !== null && chosen?.hostKeys.length === 0 && testbox.back.kind === 'ssh';
  return [
    ...(hardware === null ? ['first contact: the agent will ask before it writes'] : []),
    ...(isBlind
      ? [`the SSH host key of ${lender.name}'s image is unknown: nobody will see by SSH that the box is back`]
      : []),
  ];
}

function unusableDisks(hardware: RecordedHardware | null): string[] {
  return (hardware?.disks ?? []).flatMap(({ kernelName, unusable }) =>
    unusable === null ? [] : [`${kernelName}: ${unusable}`],
  );
}

function lastGenerationBytes({ current, generations }: ImageCatalog): number {
  const manifest = generations.find(({ generation }) => generation === current)?.manifest;
  return (manifest?.disks ?? []).reduce((sum, disk) => sum + disk.codedBytes, 0);
}
