import { link, lstat, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BootConfigRemoval, BootConfigWrite } from '../app/ports.ts';
import { hexAddress, type TestboxAddress } from '../contract/address.ts';
import { JOB_WORD } from '../contract/command-line.ts';
import type { JobId } from '../contract/ids.ts';
import { parseBootConfig } from '../contract/pxelinux.ts';
import { BOOT_CONFIG_DIRECTORY } from '../contract/share-layout.ts';
import { removeAbandoned, replaceFile, syncDirectory, temporaryName } from './durable-file.ts';
import { fileErrorCode, unlessMissing } from './file-error.ts';
import { requireTftpMarker } from './marker.ts';

/** Nothing of ours is near it. */
const SIZE_LIMIT_BYTES = 64 * 1024;
const UUID_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Place {
  tftpRoot: string;
  address: TestboxAddress;
}

/** What the box's HEX-IP file says; null without one. */
export async function readBootConfig(place: Place): Promise<string | null> {
  await requireTftpMarker(place.tftpRoot);
  const found = await look(pathOf(place));
  return found.kind === 'file' ? found.text : null;
}

/** @see Share.putBootConfig */
export async function putBootConfig(place: Place & { text: string; now: number }): Promise<BootConfigWrite> {
  const path = pathOf(place);
  await requireTftpMarker(place.tftpRoot);
  if ((await unlessMissing(stat(join(dirname(path), 'default')))) === undefined) {
    return { kind: 'refused', why: `expected the file default in ${dirname(path)}, but it is not there` };
  }
  await removeAbandoned(path, place.now);
  const found = await look(path);
  if (found.kind === 'foreign') return { kind: 'refused', why: found.why };
  if (found.kind === 'file') {
    const why = foreignness(path, found.text);
    if (why !== undefined) return { kind: 'refused', why };
    if (found.text === place.text && found.mode === 0o644) return { kind: 'in-place' };
  }
  await replaceFile(path, place.text);
  const written = await look(path);
  if (written.kind === 'file' && written.text === place.text) return { kind: 'in-place' };
  throw new Error(`${path} does not say what was just written to it`);
}

/**
 * Removes the file if it names this job. It is moved aside and looked at again before it
 * goes: another bot may have replaced it since it was read.
 */
export async function removeBootConfig(place: Place & { job: JobId }): Promise<BootConfigRemoval> {
  const path = pathOf(place);
  await requireTftpMarker(place.tftpRoot);
  const found = await look(path);
  if (found.kind === 'none') return { kind: 'gone' };
  const why = otherThan(place.job, { path, found });
  if (why !== undefined) return { kind: 'foreign', why };
  const aside = temporaryName(path);
  if ((await unlessMissing(rename(path, aside).then(() => true))) === undefined) return { kind: 'gone' };
  const changed = otherThan(place.job, { path, found: await look(aside) });
  if (changed !== undefined) await link(aside, path).catch(unlessTaken);
  await unlink(aside);
  await syncDirectory(dirname(path));
  return changed === undefined ? { kind: 'gone' } : { kind: 'foreign', why: changed };
}

/**
 * Files that PXELINUX finds before a HEX-IP file: the one of the boot NIC, and any of a
 * client UUID, as the bot may not know which UUID is the box's.
 */
export async function shadowingBootConfigs(tftpRoot: string, mac: string | null): Promise<string[]> {
  await requireTftpMarker(tftpRoot);
  const ofMac = mac === null ? undefined : `01-${mac.toLowerCase().replaceAll(':', '-')}`;
  const names = (await unlessMissing(readdir(join(tftpRoot, BOOT_CONFIG_DIRECTORY)))) ?? [];
  return names
    .filter((name) => UUID_NAME.test(name) || name.toLowerCase() === ofMac)
    .sort()
    .map((name) => `${BOOT_CONFIG_DIRECTORY}/${name}`);
}

/** The job that a boot config names, as written; undefined in a file that isn't ours. */
export function jobNamedBy(text: string): string | undefined {
  const parsed = parseBootConfig(text);
  if (parsed?.kind !== 'maintenance') return undefined;
  const word = parsed.append.split(/\s+/).findLast((candidate) => candidate.startsWith(JOB_WORD));
  return word?.slice(JOB_WORD.length);
}

type Found =
  | { kind: 'none' }
  | { kind: 'file'; text: string; mode: number }
  | { kind: 'foreign'; why: string };

async function look(path: string): Promise<Found> {
  const found = await unlessMissing(lstat(path));
  if (found === undefined) return { kind: 'none' };
  if (!found.isFile()) return { kind: 'foreign', why: `${path} is no plain file` };
  if (found.size > SIZE_LIMIT_BYTES) {
    return { kind: 'foreign', why: `${path} is too large for a file of this bot (${found.size} bytes)` };
  }
  const text = await unlessMissing(readFile(path, 'utf8'));
  return text === undefined ? { kind: 'none' } : { kind: 'file', text, mode: found.mode & 0o777 };
}

function foreignness(path: string, text: string): string | undefined {
  return jobNamedBy(text) === undefined
    ? `${path} is not a file of this bot (it has no ${JOB_WORD}…): somebody else put it there`
    : undefined;
}

function otherThan(job: JobId, { path, found }: { path: string; found: Found }): string | undefined {
  if (found.kind === 'none') return undefined;
  if (found.kind === 'foreign') return found.why;
  const named = jobNamedBy(found.text);
  if (named === job) return undefined;
  return foreignness(path, found.text) ?? `${path} is of job ${named}, not of ${job}`;
}

function unlessTaken(error: unknown): void {
  if (fileErrorCode(error) !== 'EEXIST') throw error;
}

function pathOf({ tftpRoot, address }: Place): string {
  return join(tftpRoot, BOOT_CONFIG_DIRECTORY, hexAddress(address));
}
