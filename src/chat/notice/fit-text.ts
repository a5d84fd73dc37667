import type { DiskOutcome } from '../../contract/report.ts';
import { formatBytes } from '../format.ts';

/** What became of the part of larger disks behind their images, where the plan said something. */
export function fitText(disks: readonly DiskOutcome[]): string {
  const sentences = disks.flatMap(({ slot, fit }) => {
    if (fit === undefined) return [];
    const wiped = fit.wiped.length === 0 ? 'nothing had to be wiped' : `wiped: ${fit.wiped.join(', ')}`;
    return [
      ` ${slot} is ${formatBytes(fit.tailBytes)} larger than its image: ${wiped}; ${GPT_TEXTS[fit.gpt]}.`,
    ];
  });
  return sentences.join('');
}

const GPT_TEXTS = {
  moved: "the backup GPT header is at the disk's end",
  none: 'the image has no GPT',
  damaged: "the image's GPT is damaged and was left as it is",
};
