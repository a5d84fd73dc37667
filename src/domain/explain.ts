import { assertNever } from '../contract/assert-never.ts';
import type { PlanRefusal } from './plan.ts';

/** Why a plan can't work, and what to do: one or two sentences for people. */
export function explainPlanRefusal(why: PlanRefusal, box: string): string {
  switch (why.code) {
    case 'image-exists':
      return `${box} already has an image (${why.images}). Use \`/testbox backup-again ${box}\`, which keeps it.`;
    case 'no-image':
      return `${box} has no image to restore. Take one first: \`/testbox backup ${box}\`.`;
    case 'image-incomplete':
      return `Generation ${why.generation} of ${box} is not complete: ${why.problem}. Nothing was touched; look at \`/testbox images ${box}\`.`;
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

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
