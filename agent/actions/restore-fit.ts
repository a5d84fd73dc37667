import type { DiskSlot } from '../../src/contract/disk.ts';
import type { DiskFit } from '../../src/contract/report.ts';
import type { Target } from '../disks.ts';
import { fitDisk } from '../imaging/deploy.ts';
import type { OpenDisk } from '../machine.ts';
import type { ActionContext } from './action.ts';
import type { CheckedImage } from './restore-image.ts';

/**
 * Does about the part of a larger disk behind its image what the plan says, and tells of it.
 *
 * @returns undefined when nothing was to be done
 */
export async function fitToPlan(
  context: ActionContext,
  { disk, slot }: Target,
  { image, open }: { image: CheckedImage; open: OpenDisk },
): Promise<DiskFit | undefined> {
  const { sizeBytes, sectorSizeBytes } = disk;
  const tailBytes = sizeBytes - image.sizeBytes;
  if (tailBytes <= 0) {
    if (context.plan.fit === true)
      await context.log('info', `The disk of ${slot} is no larger than its image: there is nothing to fit.`);
    return undefined;
  }
  if (context.plan.fit !== true) {
    await context.log(
      'info',
      `The disk of ${slot} is ${size(tailBytes)} larger than its image; what lies behind the image stays as it is.`,
    );
    return undefined;
  }
  const outcome = await fitDisk({
    target: { open, sizeBytes },
    pool: context.pool,
    imageBytes: image.sizeBytes,
    sectorSizeBytes,
  });
  await context.log(outcome.gpt === 'damaged' ? 'warn' : 'info', describeFit(slot, outcome));
  return outcome;
}

function describeFit(slot: DiskSlot, { tailBytes, wiped, gpt }: DiskFit): string {
  const what =
    wiped.length === 0 ? 'no known signature lay behind it' : `wiped behind it: ${wiped.join(', ')}`;
  return `The disk of ${slot} is ${size(tailBytes)} larger than its image; ${what}. ${GPT_WORDS[gpt]}`;
}

const GPT_WORDS = {
  moved: "Its backup GPT header is at the disk's end now.",
  none: 'The image has no GPT that would have to follow.',
  damaged: "The image's GPT is damaged, and was left as it is.",
} satisfies Record<DiskFit['gpt'], string>;

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
