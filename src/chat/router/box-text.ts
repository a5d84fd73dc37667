import type { App } from '../../app/app.ts';
import { type BoxView, imagesOf } from '../../app/look.ts';
import { ShareError } from '../../app/share-port.ts';
import { bytesOf } from '../../contract/byte-range.ts';
import { soundGenerations } from '../../domain/damage.ts';
import type { FoundGeneration, ImageCatalog } from '../../domain/images.ts';
import type { Job } from '../../domain/job.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { signOf, stateWords } from '../card/stages.ts';
import { waysOut } from '../damage-text.ts';
import { formatAge, formatBytes, formatDuration, formatTime } from '../format.ts';
import { message, words } from '../message.ts';
import type { ChatMessage } from '../platform.ts';

/** One box in one line. */
export function boxLine(view: BoxView): string {
  const { testbox, active } = view;
  const sign = active === null ? '' : `${signOf(active.state)} `;
  return `${testbox.name} ${testbox.address}: ${sign}${boxState(view)}`;
}

/** What a box does, and who keeps it from others. */
export function boxState({ active, lock }: BoxView): string {
  const doing = active === null ? 'free' : `${active.action}, ${stateWords(active.state)}`;
  return lock === null ? doing : `${doing} · locked by ${lock.by.displayName}`;
}

export function infoOf({ testbox, active, lock, hardware }: BoxView, now: number): ChatMessage {
  const disks = (hardware?.disks ?? []).map(({ kernelName, sizeBytes, identity, unusable }) => {
    const name = [identity.model, identity.serial ?? identity.wwn].filter((part) => part !== null).join(' ');
    return `${kernelName}: ${formatBytes(sizeBytes)} ${name}${unusable === null ? '' : ` (${unusable})`}`.trimEnd();
  });
  return message({
    text: boxLine({ testbox, active, lock, hardware }),
    lines: [
      `MAC ${testbox.mac ?? 'not in the inventory'}`,
      `SSH ${testbox.ssh.user}@${testbox.ssh.host}:${testbox.ssh.port}, ${testbox.os}`,
      ...(testbox.groups.length === 0 ? [] : [`groups: ${testbox.groups.join(', ')}`]),
      ...(hardware === null
        ? ['hardware: never seen; the first backup records it']
        : [`UUID ${hardware.uuid ?? 'none'}`, `hardware seen ${formatAge(now - hardware.seenAt)}`, ...disks]),
    ],
  });
}

export function historyOf(testbox: Testbox, jobs: readonly Job[]): ChatMessage {
  if (jobs.length === 0) return words(`${testbox.name} has had no jobs yet.`);
  return message({
    text: `The last ${jobs.length} jobs of ${testbox.name}:`,
    lines: jobs.map(
      (job) =>
        `${signOf(job.state)} ${formatTime(job.createdAt)} ${job.action}, ${stateWords(job.state)}, by ${job.requester.displayName}, ${formatDuration(job.stateSince - job.createdAt)}`,
    ),
  });
}

export async function imagesText(app: App, testbox: Testbox): Promise<ChatMessage> {
  try {
    const catalog = await imagesOf(app, testbox.address);
    const { current, generations, plain, freeBytes } = catalog;
    if (generations.length === 0 && plain.length === 0) return words(`${testbox.name} has no image yet.`);
    const now = app.clock.now();
    const found = generations.map((each) => generationLine(each, { current, now })).toReversed();
    const originals = plain.map(({ file, codedBytes }) => `plain ${file}: ${formatBytes(codedBytes)}`);
    return message({
      text: `Images of ${testbox.name}; ${formatBytes(freeBytes)} free on the share:`,
      lines: [...found, ...originals, ...aboutDamage(testbox.name, catalog, now)],
    });
  } catch (error) {
    if (error instanceof ShareError) return words(`The storage share can not be read: ${error.message}.`);
    throw error;
  }
}

/** What to do where the image that a restore would take is damaged. */
function aboutDamage(box: string, catalog: ImageCatalog, at: number): string[] {
  const { current, generations } = catalog;
  const damaged = generations.filter(({ problem }) => problem !== null).map(({ generation }) => generation);
  if (current === null || !damaged.includes(current)) return [];
  return waysOut(box, { damaged, current, sound: soundGenerations(catalog), at });
}

/** One generation: how old it is, what it holds, and what reading it through has found. */
function generationLine(
  { generation, manifest, problem, verifiedAt = null }: FoundGeneration,
  { current, now }: { current: number | null; now: number },
): string {
  const createdAt = Date.parse(manifest?.createdAt ?? '');
  const age = Number.isNaN(createdAt) ? 'of unknown age' : formatAge(now - createdAt);
  const disks = (manifest?.disks ?? []).map(({ slot, codedBytes }) => `${slot} ${formatBytes(codedBytes)}`);
  const proof = verifiedAt === null ? 'never proved' : `proved ${formatAge(now - verifiedAt)}`;
  return [
    `${generation === current ? '●' : '○'} generation ${generation}: ${age}`,
    ...(disks.length === 0 ? [] : [disks.join(', ')]),
    ...(manifest?.disks ?? [])
      .filter(({ damaged }) => damaged === true)
      .map(({ slot, badRanges = [] }) => `⚠ ${slot} DAMAGED, ${formatBytes(bytesOf(badRanges))} not read`),
    problem === null ? proof : `⚠ ${problem}`,
  ].join(', ');
}
