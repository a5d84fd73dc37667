import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileErrorCode } from '../../storage/file-error.ts';
import { CURRENT_RELEASE_LINK } from './layout.ts';

/** The version that boxes start from a root; null where there is none. */
export async function installedAgent(root: string): Promise<string | null> {
  try {
    return basename(await readlink(join(root, CURRENT_RELEASE_LINK)));
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
