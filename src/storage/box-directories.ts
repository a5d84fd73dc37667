import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../contract/address.ts';
import { BACKUP_MARKER, boxDirectory } from '../contract/share-layout.ts';
import { unlessMissing } from './file-error.ts';
import { requireBackupMarker } from './marker.ts';
import type { BoxDirectoryProblem } from './share-protocol.ts';
import { failureToWrite } from './try-to-write.ts';

/**
 * What is wrong with the directories of these boxes. Each is an export of its own, so an agent
 * can't make its box's.
 *
 * @throws MarkerMissingError when the backup share isn't there
 */
export async function checkBoxDirectories(
  backupRoot: string,
  addresses: readonly TestboxAddress[],
): Promise<BoxDirectoryProblem[]> {
  await requireBackupMarker(backupRoot);
  const problems: BoxDirectoryProblem[] = [];
  for (const address of addresses) {
    const kind = await problemOf(join(backupRoot, boxDirectory(address)));
    if (kind !== undefined) problems.push({ address, kind });
  }
  return problems;
}

async function problemOf(directory: string): Promise<BoxDirectoryProblem['kind'] | undefined> {
  const found = await unlessMissing(stat(directory));
  if (found === undefined) return 'missing';
  if (!found.isDirectory()) return 'no-directory';
  if ((await unlessMissing(stat(join(directory, BACKUP_MARKER)))) === undefined) return 'unmarked';
  return (await failureToWrite(directory)) === undefined ? undefined : 'read-only';
}
