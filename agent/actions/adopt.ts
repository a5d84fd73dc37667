import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskSlot } from '../../src/contract/disk.ts';
import { plainImageNames } from '../../src/contract/share-layout.ts';
import type { Target } from '../disks.ts';
import { errorCode, Failure } from '../failure.ts';
import type { ActionContext } from './action.ts';

/** An image of the original scripts: a regular file beside the generations. */
export interface PlainImage {
  slot: DiskSlot;
  name: string;
}

/** Plain images of these disks, by precedence. */
export async function findPlainImages(
  boxDirectory: string,
  targets: readonly Target[],
): Promise<PlainImage[]> {
  const found: PlainImage[] = [];
  for (const { slot } of targets) {
    for (const name of plainImageNames(slot)) {
      if (await isRegularFile(join(boxDirectory, name))) found.push({ slot, name });
    }
  }
  return found;
}

/** Puts plain images into a generation before anything replaces them. */
export async function adoptPlainImages(context: ActionContext, targets: readonly Target[]): Promise<void> {
  const [first] = await findPlainImages(context.boxDirectory, targets);
  if (first === undefined) return;
  throw new Failure({
    class: 'operator',
    code: 'not-yet',
    message: `${first.name} is an image of the original scripts; this agent can't put it into a generation yet`,
  });
}

async function isRegularFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
