import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoxPreparation } from '../app/share-port.ts';
import type { TestboxAddress } from '../contract/address.ts';
import { BACKUP_MARKER, boxDirectory } from '../contract/share-layout.ts';
import { createEmptyFile, syncDirectory } from './durable-file.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';
import { requireBackupMarker } from './marker.ts';

/** Whatever the umask: the server's own tools look into it too. */
const MODE = 0o755;

/** @see Share.prepareBox */
export async function prepareBox(backupRoot: string, address: TestboxAddress): Promise<BoxPreparation> {
  await requireBackupMarker(backupRoot);
  const directory = join(backupRoot, boxDirectory(address));
  const found = await unlessMissing(lstat(directory));
  if (found === undefined) await makeDirectory(directory, backupRoot);
  else if (!found.isDirectory())
    return { kind: 'refused', why: `${directory} is no directory: move it away` };
  const marker = join(directory, BACKUP_MARKER);
  if ((await unlessMissing(stat(marker))) === undefined) await createEmptyFile(marker);
  return { kind: 'ready' };
}

/** Another bot may make it at the same moment. */
async function makeDirectory(directory: string, parent: string): Promise<void> {
  try {
    await mkdir(directory, MODE);
    await chmod(directory, MODE);
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
  }
  await syncDirectory(parent);
}
