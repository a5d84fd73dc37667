import { link, lstat, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BootConfigRemoval } from '../app/share-port.ts';
import { hexAddress, type TestboxAddress } from '../contract/address.ts';
import { BOOT_CONFIG_DIRECTORY } from '../contract/share-layout.ts';
import { syncDirectory, temporaryName } from './durable-file.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';

/** Nothing of ours is near it. */
const SIZE_LIMIT_BYTES = 64 * 1024;

/** Whose HEX-IP file, in which TFTP area. */
export interface Place {
  tftpRoot: string;
  address: TestboxAddress;
}

export function pathOf({ tftpRoot, address }: Place): string {
  return join(tftpRoot, BOOT_CONFIG_DIRECTORY, hexAddress(address));
}

export type Found =
  | { kind: 'none' }
  | { kind: 'file'; text: string; mode: number }
  | { kind: 'foreign'; why: string };

export async function look(path: string): Promise<Found> {
  const found = await unlessMissing(lstat(path));
  if (found === undefined) return { kind: 'none' };
  if (!found.isFile()) return { kind: 'foreign', why: `${path} is no plain file` };
  if (found.size > SIZE_LIMIT_BYTES) {
    return { kind: 'foreign', why: `${path} is too large for a file of this bot (${found.size} bytes)` };
  }
  const text = await unlessMissing(readFile(path, 'utf8'));
  return text === undefined ? { kind: 'none' } : { kind: 'file', text, mode: found.mode & 0o777 };
}

/** Boxes without a file of their own boot from `default`: without it no file is written for any. */
export async function defaultMissing(path: string): Promise<string | undefined> {
  const directory = dirname(path);
  if ((await unlessMissing(stat(join(directory, 'default')))) !== undefined) return undefined;
  return `expected the file default in ${directory}, but it is not there`;
}

/**
 * Removes the file unless its text is somebody else's. It is moved aside and looked at again
 * before it goes: another bot may have replaced it since it was read.
 *
 * @param foreign tells why a text must stay
 */
export async function removeUnless(
  path: string,
  foreign: (text: string) => string | undefined,
): Promise<BootConfigRemoval> {
  const obstacle = (found: Found) =>
    found.kind === 'none' ? undefined : found.kind === 'foreign' ? found.why : foreign(found.text);
  const found = await look(path);
  if (found.kind === 'none') return { kind: 'gone' };
  const why = obstacle(found);
  if (why !== undefined) return { kind: 'foreign', why };
  const aside = temporaryName(path);
  if ((await unlessMissing(rename(path, aside).then(() => true))) === undefined) return { kind: 'gone' };
  const changed = obstacle(await look(aside));
  if (changed !== undefined) await link(aside, path).catch(unlessTaken);
  await unlink(aside);
  await syncDirectory(dirname(path));
  return changed === undefined ? { kind: 'gone' } : { kind: 'foreign', why: changed };
}

function unlessTaken(error: unknown): void {
  if (fileErrorCode(error) !== 'EEXIST') throw error;
}
