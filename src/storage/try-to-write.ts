import { randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode } from './file-error.ts';

/** Why no file can be made in the directory, as the system's code; undefined when one can. */
export async function failureToWrite(directory: string): Promise<string | undefined> {
  const path = join(directory, `.testbox-doctor.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    await unlink(path);
    return undefined;
  } catch (error) {
    return fileErrorCode(error);
  }
}
