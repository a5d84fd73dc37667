import { bytesOf, describeRanges } from '../../src/contract/byte-range.ts';
import type { ChunkHash } from '../../src/contract/chunk-hash.ts';
import type { ManifestDisk } from '../../src/contract/manifest.ts';
import type { Captured } from '../imaging/capture.ts';
import { noMoreThan } from '../imaging/salvage.ts';
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

/** In a manifest and in plans; where a disk has more, they are told in wider ones. */
const MOST_RANGES = 256;
const SHOWN_RANGES = 8;

/** Tells of bad sectors, and marks the image by what is given back for its manifest. */
export async function tellUnread(
  context: ActionContext,
  { unread }: Captured,
  kernelName: string,
): Promise<Pick<ManifestDisk, 'damaged' | 'badRanges'>> {
  if (unread.length === 0) return {};
  await context.log(
    'warn',
    `/dev/${kernelName} has bad sectors: ${bytesOf(unread)} bytes could not be read however often they were tried (${describeRanges(unread, SHOWN_RANGES)}). Zeros stand for them in its image, which is marked damaged; an older undamaged generation is kept. Replace the disk`,
  );
  return { damaged: true, badRanges: noMoreThan(MOST_RANGES, unread) };
}

const HASH_WORDS: Readonly<Record<ChunkHash, string>> = { blake3: 'BLAKE3', sha256: 'SHA-256' };

/** For the end of a disk's backup. */
export function howMade(
  { codedBytes, keptBytes, takenBytes, coder, chunkHash }: Captured,
  { source, generation }: PreviousImage,
): string {
  const hashed = `hashed by ${HASH_WORDS[chunkHash]}`;
  if (source === null && keptBytes === 0) return `coded by ${coder}, ${hashed}`;
  const kept = keptBytes === 0 ? [] : [`${keptBytes} as an attempt that was cut off left them`];
  const taken = source === null ? [] : [`${takenBytes} taken over unchanged from generation ${generation}`];
  const coded = `${codedBytes - keptBytes - takenBytes} coded by ${coder}`;
  return [...kept, ...taken, coded, hashed].join(', ');
}
