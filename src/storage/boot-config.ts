import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootConfigRemoval, BootConfigWrite } from '../app/share-port.ts';
import { JOB_WORD } from '../contract/command-line.ts';
import type { JobId } from '../contract/ids.ts';
import { parseBootConfig } from '../contract/pxelinux.ts';
import { BOOT_CONFIG_DIRECTORY } from '../contract/share-layout.ts';
import { defaultMissing, look, type Place, pathOf, removeUnless } from './boot-config-place.ts';
import { removeAbandoned, removeBegun, replaceFile } from './durable-file.ts';
import { unlessMissing } from './file-error.ts';
import { requireTftpMarker } from './marker.ts';

const UUID_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
  const withoutDefault = await defaultMissing(path);
  if (withoutDefault !== undefined) return { kind: 'refused', why: withoutDefault };
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
 * Removes the file if it names this job. What a killed bot had begun to write for it goes too,
 * however new it is: a job whose boot config goes has no writer any more.
 */
export async function removeBootConfig(place: Place & { job: JobId }): Promise<BootConfigRemoval> {
  await requireTftpMarker(place.tftpRoot);
  const path = pathOf(place);
  await removeBegun(path);
  return removeUnless(path, (text) => {
    const named = jobNamedBy(text);
    if (named === place.job) return undefined;
    return foreignness(path, text) ?? `${path} is of job ${named}, not of ${place.job}`;
  });
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

function foreignness(path: string, text: string): string | undefined {
  return jobNamedBy(text) === undefined
    ? `${path} is not a file of this bot (it has no ${JOB_WORD}…): somebody else put it there`
    : undefined;
}
