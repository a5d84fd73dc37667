import type { DiskSlot } from '../../src/contract/disk.ts';
import type { ApproachOutcome } from '../imaging/approach.ts';

/** Below this a gain is nothing to tell of. */
const WORTH_TELLING_MS = 1_000;

/** What a restore did about what the disk held before, and what that saved, in plain sentences. */
export function describeApproach(slot: DiskSlot, outcome: ApproachOutcome): string {
  const sentences = [
    whatItDid(slot, outcome),
    zeroed(outcome),
    avoided(outcome),
    rewritten(outcome),
    saved(outcome),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function whatItDid(slot: DiskSlot, { comparedBytes, equalBytes, blindBytes }: ApproachOutcome): string {
  if (comparedBytes === 0) return `All of ${slot} was written without comparing.`;
  const compared = `${size(comparedBytes)} of ${slot} were compared first`;
  const same = equalBytes === 0 ? 'and held other data' : `of which ${size(equalBytes)} were right already`;
  const blind =
    blindBytes === 0 ? '' : `; ${size(blindBytes)} were written at once, as comparing would not have paid`;
  return `${compared}, ${same}${blind}.`;
}

function zeroed({ zeroedBytes }: ApproachOutcome): string {
  return zeroedBytes === 0 ? '' : `${size(zeroedBytes)} were made zero without sending zeros.`;
}

function avoided({ avoidedRegions }: ApproachOutcome): string {
  if (avoidedRegions === 0) return '';
  return `In ${avoidedRegions} ${avoidedRegions === 1 ? 'place' : 'places'} the disk could not be read, or very slowly, and was written without comparing: look at its health.`;
}

function rewritten({ rewrittenBytes }: ApproachOutcome): string {
  if (rewrittenBytes === 0) return '';
  return `${size(rewrittenBytes)} were written twice, as the disk gave back something else the first time: look at its health.`;
}

function saved({ savedMs }: ApproachOutcome): string {
  if (savedMs < WORTH_TELLING_MS) return '';
  return `Comparing saved about ${Math.round(savedMs / 1000)} s of one core's work.`;
}

function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${(bytes / 1e6).toFixed(bytes >= 1e7 ? 0 : 1)} MB`;
}
