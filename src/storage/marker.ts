import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BACKUP_MARKER, TFTP_MARKER } from '../contract/share-layout.ts';
import { fileErrorCode } from './file-error.ts';

/** A share without its marker is not mounted: what is written there would lie on the local disk. */
class MarkerMissingError extends Error {
  override name = 'MarkerMissingError';
}

/** @throws an error that says so when the share isn't there */
export async function requireTftpMarker(tftpRoot: string): Promise<void> {
  await requireMarker(tftpRoot, TFTP_MARKER);
}

/** @throws an error that says so when the share isn't there */
export async function requireBackupMarker(backupRoot: string): Promise<void> {
  await requireMarker(backupRoot, BACKUP_MARKER);
}

async function requireMarker(root: string, marker: string): Promise<void> {
  try {
    await stat(join(root, marker));
  } catch (cause) {
    throw new MarkerMissingError(
      `expected the marker file ${marker} in ${root}, but it is not there (${fileErrorCode(cause)}): is the share mounted?`,
      { cause },
    );
  }
}
