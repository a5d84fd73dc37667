import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { GLOBAL_LOG } from '../contract/share-layout.ts';
import { requireBackupMarker } from './marker.ts';

/**
 * Appends to the share's global log, durably. One write with O_APPEND, so that lines of
 * several writers don't mix.
 *
 * @param line as `globalLogLine` makes it, with its line feed
 */
export async function appendGlobalLog(backupRoot: string, line: string): Promise<void> {
  await requireBackupMarker(backupRoot);
  const bytes = Buffer.from(line);
  const log = await open(join(backupRoot, GLOBAL_LOG), 'a', 0o644);
  try {
    const { bytesWritten } = await log.write(bytes);
    if (bytesWritten !== bytes.length)
      throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
    await log.sync();
  } finally {
    await log.close();
  }
}
