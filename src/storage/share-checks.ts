import { randomBytes } from 'node:crypto';
import { lstat, open, readdir, readFile, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BOOT_CONFIG_DIRECTORY } from '../contract/share-layout.ts';
import { jobNamedBy } from './boot-config.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';
import { requireBackupMarker, requireTftpMarker } from './marker.ts';
import type { BackupShareCheck } from './share-protocol.ts';

/** What a person has to put right in the TFTP area, as sentences. */
export async function checkTftpRoot(tftpRoot: string, files: readonly string[]): Promise<string[]> {
  const unmounted = await failureOf(requireTftpMarker(tftpRoot));
  if (unmounted !== undefined) return [unmounted];
  const problems: string[] = [];
  for (const file of [join(BOOT_CONFIG_DIRECTORY, 'default'), ...files]) {
    const why = await failureOf(stat(join(tftpRoot, file)));
    if (why !== undefined) problems.push(`put the file ${file} into ${tftpRoot} (${why})`);
  }
  const directory = join(tftpRoot, BOOT_CONFIG_DIRECTORY);
  const unwritable = await failureOf(tryToWrite(directory));
  if (unwritable !== undefined) problems.push(`let the bot's user write to ${directory} (${unwritable})`);
  for (const name of await foreignBootConfigs(directory)) {
    problems.push(
      `look at ${join(directory, name)}: it is no file of this bot and decides what its box boots`,
    );
  }
  return problems;
}

/** What a person has to put right on the backup share, and the space on it. */
export async function checkBackupShare(backupRoot: string): Promise<BackupShareCheck> {
  const unmounted = await failureOf(requireBackupMarker(backupRoot));
  if (unmounted !== undefined) return { problems: [unmounted], freeBytes: null };
  const unwritable = await failureOf(tryToWrite(backupRoot));
  const { bavail, bsize } = await statfs(backupRoot);
  return {
    problems: unwritable === undefined ? [] : [`let the bot's user write to ${backupRoot} (${unwritable})`],
    freeBytes: bavail * bsize,
  };
}

/** Files for one box (by HEX-IP) that name no job: the bot never replaces them. */
async function foreignBootConfigs(directory: string): Promise<string[]> {
  const foreign: string[] = [];
  for (const name of (await unlessMissing(readdir(directory))) ?? []) {
    if (!/^[0-9A-F]{8}$/.test(name)) continue;
    const path = join(directory, name);
    const found = await unlessMissing(lstat(path));
    if (found === undefined) continue;
    const text = found.isFile() ? await unlessMissing(readFile(path, 'utf8')) : '';
    if (text !== undefined && jobNamedBy(text) === undefined) foreign.push(name);
  }
  return foreign;
}

async function tryToWrite(directory: string): Promise<void> {
  const path = join(directory, `.testbox-doctor.${randomBytes(6).toString('hex')}`);
  const file = await open(path, 'wx', 0o600);
  await file.close();
  await unlink(path);
}

async function failureOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return fileErrorCode(error);
  }
}
