import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode } from '../failure.ts';
import type { OpenDisk } from '../machine.ts';

/**
 * Opens a disk or the file that stands for one, and beside it a descriptor that goes past the
 * page cache where the system has such.
 *
 * @param exclusive claim a block device: EBUSY when it is mounted, held or claimed
 */
export async function openDiskFile(
  path: string,
  how: { access: 'read' | 'write'; exclusive: boolean },
): Promise<OpenDisk> {
  const access = how.access === 'write' ? constants.O_RDWR : constants.O_RDONLY;
  const file = await open(path, access | (how.exclusive ? constants.O_EXCL : 0));
  const direct = await openDirect(path, access);
  return {
    fd: file.fd,
    directFd: direct?.fd ?? null,
    ...(how.access === 'write' && direct !== null ? { directWriteFd: direct.fd } : {}),
    sync: () => file.sync(),
    async close() {
      await direct?.close();
      await file.close();
    },
  };
}

async function openDirect(path: string, access: number): Promise<FileHandle | null> {
  try {
    return await open(path, access | constants.O_DIRECT);
  } catch (error) {
    if (errorCode(error) === 'EINVAL') return null; // some file systems have nothing of the kind
    throw error;
  }
}
