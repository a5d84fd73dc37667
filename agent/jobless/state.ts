import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DiskSlot } from '../../src/contract/disk.ts';
import { Sha256 } from '../../src/contract/ids.ts';
import { JOBLESS_STATE, JOBS_DIRECTORY } from '../../src/contract/share-layout.ts';
import { replaceFile, type ShareFiles, syncDirectory } from '../durable.ts';
import { errorCode, Failure } from '../failure.ts';

/** How far a boot config without a job has come, over all boots that it made. */
export const JoblessState = z.object({
  version: z.literal(1),
  /** Stands for this very boot config: its text and its time. */
  bootConfig: Sha256,
  /** Boots that began to act on it. */
  attempts: z.int().nonnegative(),
  /** The generation that was current before the first attempt. */
  currentGeneration: z.int().positive().nullable(),
  /** All is done but for the removal of the boot config. */
  finished: z.boolean(),
  /** Disks that are half-written, whatever boot config began it. */
  dirty: z.array(DiskSlot),
});
export type JoblessState = z.infer<typeof JoblessState>;

/** Null when there was none. @throws Failure when it can't be read: a half-written disk may be behind it */
export async function readJoblessState(boxDirectory: string): Promise<JoblessState | null> {
  const path = statePath(boxDirectory);
  try {
    return JoblessState.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw new Failure({ class: 'storage', code: 'state-damaged', message: `${path} can't be read`, cause });
  }
}

/** Lasts once it returns. */
export async function saveJoblessState(
  boxDirectory: string,
  files: ShareFiles,
  state: JoblessState,
): Promise<void> {
  await mkdir(join(boxDirectory, JOBS_DIRECTORY), { recursive: true });
  await syncDirectory(boxDirectory);
  await replaceFile(files, statePath(boxDirectory), `${JSON.stringify(state)}\n`);
}

/** What a restore without a job has left half-written. */
export async function leftHalfWritten(boxDirectory: string): Promise<readonly DiskSlot[]> {
  return (await readJoblessState(boxDirectory))?.dirty ?? [];
}

/** Another restore has brought these disks to their end. */
export async function forgetHalfWritten(
  boxDirectory: string,
  files: ShareFiles,
  slots: readonly DiskSlot[],
): Promise<void> {
  const state = await readJoblessState(boxDirectory);
  if (state === null || !state.dirty.some((slot) => slots.includes(slot))) return;
  const dirty = state.dirty.filter((slot) => !slots.includes(slot));
  await saveJoblessState(boxDirectory, files, { ...state, dirty });
}

function statePath(boxDirectory: string): string {
  return join(boxDirectory, JOBS_DIRECTORY, JOBLESS_STATE);
}
