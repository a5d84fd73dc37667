import { assertNever } from '../contract/assert-never.ts';
import type { PlanRefusal } from './plan.ts';
import type { KnownGeneration } from './restore-source.ts';

/** Why a plan can't work, and what to do: one or two sentences for people. */
export function explainPlanRefusal(why: PlanRefusal, box: string): string {
  switch (why.code) {
    case 'image-exists':
      return `${box} already has an image (${why.images}). Use \`/testbox backup-again ${box}\`, which keeps it.`;
    case 'no-image':
      return `${box} has no image to restore. Take one first: \`/testbox backup ${box}\`.`;
    case 'image-incomplete':
      return `Generation ${why.generation} of ${box} can not be restored: ${why.problem}. Nothing was touched. ${otherGenerations(why, box)}`;
    case 'no-such-generation':
      return `${box} has no generation ${why.generation}. ${otherGenerations(why, box)}`;
    case 'no-disk-for':
      return `${box} has no disk ${why.slots.join(', ')} for that image; known are ${why.known.join(', ') || 'none'}. \`disks:\` restores only those that fit.`;
    case 'sector-size-differs':
      return `The image of ${why.slot} has sectors of ${why.image} bytes, the disk of ${box} has ${why.disk}: it would not boot.`;
    case 'no-such-lender':
      return `There is no box \`${why.typed}\` in the inventory to take the image of. ${why.meant === null ? '`/testbox list` shows all boxes.' : `Did you mean \`${why.meant}\`?`}`;
    case 'two-plain-images':
      return `${box} has two images of one disk (${why.files.join(' and ')}). Move the one that should not be restored away.`;
    case 'no-image-of':
      return `No image of ${why.slots.join(', ') || 'the disks asked for'}; there are images of ${why.known.join(', ')}.`;
    case 'unknown-disks':
      return `${box} has no disk ${why.slots.join(', ')}; known are ${why.known.join(', ') || 'none'}.`;
    case 'no-space':
      return `The storage share has ${gibibytes(why.freeBytes)} free, and ${gibibytes(why.neededBytes)} are needed. Free some space first.`;
    case 'shadowed':
      return `PXELINUX would find pxelinux.cfg/${why.files.join(', ')} before the boot config of ${box}. Remove it first.`;
    default:
      return assertNever(why);
  }
}

/** The way out: what could be restored instead. */
function otherGenerations(
  { generation, known }: { generation: number; known: readonly KnownGeneration[] },
  box: string,
): string {
  const sound = known.filter((other) => other.generation !== generation && other.problem === null);
  if (sound.length === 0) return `There is no other one to restore; look at \`/testbox images ${box}\`.`;
  const list = sound.map((other) => `${other.generation} (${whenOf(other)})`).join(', ');
  return `There is ${list}: \`/testbox restore ${box} as-of:${sound[0]?.generation}\`.`;
}

function whenOf({ createdAt, current }: KnownGeneration): string {
  const when = createdAt === null ? 'of unknown age' : `of ${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
  return current ? `${when}, the current one` : when;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
