import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../storage/durable-file.ts';
import { fileErrorCode } from '../../storage/file-error.ts';
import { type Build, RELEASE_FILE } from './layout.ts';

export const SUITES = ['trixie', 'bookworm'] as const;
export const Suite = z.enum(SUITES);
export type Suite = z.infer<typeof Suite>;

/** `/etc/testbox/release`: what a root is. */
export const Release = z.object({
  build: z.string(),
  suite: Suite,
  /** As `uname -r` has it. */
  kernel: z.string(),
  agentVersion: z.string(),
  nodeVersion: z.string(),
  builtAt: z.iso.datetime(),
  /** When boxes began to boot another one; null while they boot this, or never did. */
  replacedAt: z.iso.datetime().nullable().default(null),
});
export type Release = z.infer<typeof Release>;

export async function writeRelease(root: string, release: Release): Promise<void> {
  await replaceFile(join(root, RELEASE_FILE), `${JSON.stringify(release, null, 2)}\n`);
}

/** Null where there is none that can be read. */
export async function readRelease({ root }: Pick<Build, 'root'>): Promise<Release | null> {
  let text: string;
  try {
    text = await readFile(join(root, RELEASE_FILE), 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return Release.parse(JSON.parse(text));
  } catch {
    return null; // somebody else's file
  }
}
