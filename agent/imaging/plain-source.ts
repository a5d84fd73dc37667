import type { FileHandle } from 'node:fs/promises';
import type { DiskSlot } from '../../src/contract/disk.ts';
import type { PlannedImage } from '../../src/contract/plan.ts';
import { Failure } from '../failure.ts';
import { insideBox, openImage } from './source.ts';

/** File systems keep times to different fractions. */
const TIME_TOLERANCE_MS = 1_000;

/**
 * Opens a gzip file of the original, still of the size and time that were planned.
 *
 * @throws Failure
 */
export async function openPlain(about: {
  boxDirectory: string;
  slot: DiskSlot;
  image: Extract<PlannedImage, { kind: 'plain' }>;
}): Promise<FileHandle> {
  const { image, slot } = about;
  const file = await openImage(insideBox(about.boxDirectory, image.file));
  const { size, mtimeMs } = await file.stat();
  const truncated = size < image.codedBytes;
  const sameTime = image.modifiedAt === 0 || Math.abs(mtimeMs - image.modifiedAt) <= TIME_TOLERANCE_MS;
  if (size === image.codedBytes && sameTime) return file;
  await file.close();
  throw new Failure({
    class: truncated ? 'storage' : 'operator',
    code: truncated ? 'image-truncated' : 'plan-mismatch',
    message: `the image of ${slot} is not the one in the plan: it has ${size} bytes, planned were ${image.codedBytes}${sameTime ? '' : ', and its time differs'}`,
  });
}
