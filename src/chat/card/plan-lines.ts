import { capturesImages } from '../../contract/action.ts';
import { bytesOf } from '../../contract/byte-range.ts';
import type { PlannedDisk } from '../../contract/plan.ts';
import type { Job } from '../../domain/job.ts';
import type { PlanNotes } from '../../domain/plan-notes.ts';
import { formatAge, formatBytes, formatDuration, shorten } from '../format.ts';

const SHOWN_RANGES = 3;

/** The whole plan, in lines that a phone shows. */
export function planLines({ job, now }: { job: Job; now: number }): string[] {
  const { plan, notes } = job;
  return [
    ...disksTitle(job),
    ...plan.disks.map((disk) => diskLine(disk)),
    ...notes.images.map((image) => imageLine(image, now)),
    ...plan.disks.flatMap(badLines),
    ...copyLines(notes),
    ...olderLines(plan),
    ...fitLines(plan),
    ...notes.leftOut.map((line) => `left out: ${line}`),
    ...usersLines(notes),
    ...notes.warnings.map((warning) => `⚠ ${warning}`),
    ...spaceLines(job),
    ...uptimeLines(notes),
    `boot: PXE, reboot over ${shorten(plan.rebootMethod, 30)}`,
    ...(notes.expectedMs === null ? [] : [`takes about ${formatDuration(notes.expectedMs)}`]),
  ];
}

function disksTitle({ plan }: Job): string[] {
  if (plan.action === 'restore') return ['OVERWRITES these disks:'];
  if (!capturesImages(plan.action)) return ['touches no disk'];
  return [takesAllFound(plan) ? 'reads all disks of the box: it was never seen' : 'reads these disks:'];
}

function takesAllFound({ firstContact, disks }: Job['plan']): boolean {
  return firstContact && disks.length === 0;
}

function diskLine({ slot, disk }: PlannedDisk): string {
  if (disk === null) return `  ${slot}: as found`;
  const { model, serial, wwn } = disk.identity;
  // The serial number says which disk it is, the model only what kind.
  const name = `${shorten(model ?? '', 20)} ${shorten(serial ?? wwn ?? '', 40)}`.trim();
  return `  ${slot}: ${formatBytes(disk.sizeBytes)} ${name}`.trimEnd();
}

/** One box becomes a copy of another: what is doubled then, and where the machines differ. */
function copyLines({ copyOf }: PlanNotes): string[] {
  if (copyOf === undefined) return [];
  const { name, seen, cards, disks } = copyOf;
  return [
    `⚠ the image is of ${name}: the box`,
    `  becomes its copy, with host name,`,
    '  static addresses, SSH host keys',
    '  and machine id',
    ...disks.flatMap(diskDifference),
    ...(seen ? [] : ['⚠ hardware unknown: nothing compared']),
    ...(cards.lender === cards.own || !seen ? [] : [`⚠ network cards: ${cards.lender} → ${cards.own}`]),
    ...(seen ? ['⚠ set-ups by MAC address will not fit'] : []),
  ];
}

function diskDifference({ slot, image, disk }: NonNullable<PlanNotes['copyOf']>['disks'][number]): string[] {
  if (image === null || disk === null) return [];
  const models = image.model === disk.model ? [] : [`  model ${image.model ?? '?'} → ${disk.model ?? '?'}`];
  const sizes = `${formatBytes(image.sizeBytes)}/${image.sectorSizeBytes} → ${formatBytes(disk.sizeBytes)}/${disk.sectorSizeBytes}`;
  const fit = disk.sizeBytes < image.sizeBytes ? ['⚠ smaller: fits if its end is empty'] : [];
  return [`${slot}: ${sizes}`, ...models.map((line) => shorten(line, 38)), ...fit];
}

/** Says when a restore doesn't bring back the newest image. */
function olderLines({ disks, currentGeneration, source }: Job['plan']): string[] {
  // The current generation is the box's own, and says nothing about another one's.
  if (source !== undefined) return [];
  const generations = disks.flatMap(({ image }) => (image?.kind === 'indexed' ? [image.generation] : []));
  const older = generations.find((generation) => generation !== currentGeneration);
  if (older === undefined || currentGeneration === null) return [];
  return [`⚠ generation ${older}, current is ${currentGeneration}`];
}

function fitLines({ fit }: Job['plan']): string[] {
  if (fit !== true) return [];
  return [
    'fit: behind the image of a larger disk',
    '  signatures are wiped, and the backup',
    "  GPT header goes to the disk's end",
  ];
}

function imageLine(
  { slot, createdAt, codedBytes, verifiedAt = null }: PlanNotes['images'][number],
  now: number,
): string {
  const age = createdAt === null ? [] : [formatAge(now - Date.parse(createdAt))];
  const proof = verifiedAt === null ? [] : [`proved ${formatAge(now - verifiedAt)}`];
  return `image ${slot}: ${[...age, formatBytes(codedBytes), ...proof].join(', ')}`;
}

/** What a damaged image does not bring back. */
function badLines({ slot, image }: PlannedDisk): string[] {
  const bad = image?.kind === 'indexed' ? (image.badRanges ?? []) : [];
  if (bad.length === 0) return [];
  const places = bad
    .slice(0, SHOWN_RANGES)
    .map(({ offset, length }) => `  ${offset} to ${offset + length - 1}`);
  return [
    `⚠ image ${slot} is DAMAGED: zeros for`,
    `  ${formatBytes(bytesOf(bad))} not read, bytes`,
    ...places,
    ...(bad.length > SHOWN_RANGES ? [`  and ${bad.length - SHOWN_RANGES} more places`] : []),
  ];
}

function spaceLines({ plan, notes }: Job): string[] {
  if (!capturesImages(plan.action) || notes.freeBytes === null) return [];
  const last =
    notes.lastGenerationBytes === null ? '' : `, last image ${formatBytes(notes.lastGenerationBytes)}`;
  return [`share: ${formatBytes(notes.freeBytes)} free${last}`];
}

function usersLines({ sshProblem, users }: PlanNotes): string[] {
  if (sshProblem !== null) return [`⚠ SSH: ${shorten(sshProblem, 60)}`];
  return users.length === 0 ? [] : [`⚠ logged in: ${shorten(users.join(', '), 28)}`];
}

function uptimeLines({ sshProblem, uptimeSeconds }: PlanNotes): string[] {
  if (sshProblem !== null || uptimeSeconds === null) return [];
  return [`the box is up for ${formatDuration(uptimeSeconds * 1000)}`];
}
