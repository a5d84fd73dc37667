import { lstat, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BOOT_CONFIG_DIRECTORY, TFTP_MARKER } from '../contract/share-layout.ts';
import { jobNamedBy } from './boot-config.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';
import { requireBackupMarker, requireTftpMarker } from './marker.ts';
import type { BackupShareCheck } from './share-protocol.ts';
import { failureToWrite } from './try-to-write.ts';

const READ_BY_OTHERS = 0o004;
const ENTERED_BY_OTHERS = 0o001;

/** What a person has to put right in the TFTP area, as sentences. */
export async function checkTftpRoot(tftpRoot: string, files: readonly string[]): Promise<string[]> {
  const unmounted = await failureOf(requireTftpMarker(tftpRoot));
  if (unmounted !== undefined) return [unmounted];
  const problems: string[] = [];
  const needed = [join(BOOT_CONFIG_DIRECTORY, 'default'), ...files];
  for (const file of needed) {
    const why = await failureOf(stat(join(tftpRoot, file)));
    if (why !== undefined) problems.push(`put the file ${file} into ${tftpRoot} (${why})`);
  }
  problems.push(...(await closedToOthers(tftpRoot, [TFTP_MARKER, ...needed])));
  const directory = join(tftpRoot, BOOT_CONFIG_DIRECTORY);
  const unwritable = await failureToWrite(directory);
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
  const unwritable = await failureToWrite(backupRoot);
  const { bavail, bsize } = await statfs(backupRoot);
  return {
    problems: unwritable === undefined ? [] : [`let the bot's user write to ${backupRoot} (${unwritable})`],
    freeBytes: bavail * bsize,
  };
}

/** The TFTP server is another user: it gets what everybody gets. What can't be looked at is passed over. */
async function closedToOthers(tftpRoot: string, files: readonly string[]): Promise<string[]> {
  const directories = new Set([tftpRoot, ...files.map((file) => join(tftpRoot, dirname(file)))]);
  const todo: string[] = [];
  for (const directory of directories) {
    if (!(await lacks(ENTERED_BY_OTHERS, directory))) continue;
    todo.push(`let the TFTP server into ${directory}: chmod a+rx ${directory}`);
  }
  for (const file of files.map((name) => join(tftpRoot, name))) {
    if (await lacks(READ_BY_OTHERS, file)) todo.push(`let the TFTP server read ${file}: chmod a+r ${file}`);
  }
  return todo;
}

async function lacks(bit: number, path: string): Promise<boolean> {
  try {
    return ((await stat(path)).mode & bit) === 0;
  } catch {
    return false; // that it can't be found is said already
  }
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

async function failureOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return fileErrorCode(error);
  }
}
