import type { Captured } from '../imaging/capture.ts';
import type { ActionContext } from './action.ts';
import type { PreviousImage } from './previous-image.ts';

/** Chunks of an image that is kept were found to be damaged: here they are mended, there they are not. */
export async function tellDamage(
  context: ActionContext,
  { damagedBefore }: Captured,
  { generation }: PreviousImage,
): Promise<void> {
  if (damagedBefore === 0) return;
  await context.log(
    'warn',
    `Generation ${generation} is damaged: ${damagedBefore} chunks of it are not what its index says. They were coded anew from the disk, so the new generation has nothing of that damage`,
  );
}

/** For the end of a disk's backup. */
export function howMade(
  { codedBytes, keptBytes, takenBytes, coder }: Captured,
  { source, generation }: PreviousImage,
): string {
  if (source === null && keptBytes === 0) return `coded by ${coder}`;
  const kept = keptBytes === 0 ? [] : [`${keptBytes} as an attempt that was cut off left them`];
  const taken = source === null ? [] : [`${takenBytes} taken over unchanged from generation ${generation}`];
  const coded = `${codedBytes - keptBytes - takenBytes} coded by ${coder}`;
  return [...kept, ...taken, coded].join(', ');
}
