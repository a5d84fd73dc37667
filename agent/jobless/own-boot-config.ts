import { createHash, randomUUID } from 'node:crypto';
import { access, link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '../../src/contract/action.ts';
import { hexAddress } from '../../src/contract/address.ts';
import type { Sha256 } from '../../src/contract/ids.ts';
import { parseBootConfig } from '../../src/contract/pxelinux.ts';
import { BOOT_CONFIG_DIRECTORY, TEMPORARY_PREFIX, TFTP_MARKER } from '../../src/contract/share-layout.ts';
import { syncDirectory } from '../durable.ts';
import { errorCode, Failure } from '../failure.ts';
import type { Machine } from '../machine.ts';

/** The box's own file in the TFTP area. */
export interface OwnBootConfig {
  path: string;
  text: string;
  /** Of text and time: writing the same file again is a new request. */
  key: Sha256;
}

type Where = Pick<Machine, 'tftpRoot' | 'address'>;

/** Null when there is none. @throws Failure when the TFTP area isn't mounted */
export async function readOwnBootConfig({ tftpRoot, address }: Where): Promise<OwnBootConfig | null> {
  await requireMarker(tftpRoot);
  const path = join(tftpRoot, BOOT_CONFIG_DIRECTORY, hexAddress(address));
  try {
    await using file = await open(path, 'r');
    const text = await file.readFile('utf8');
    const { mtimeMs } = await file.stat();
    return { path, text, key: createHash('sha256').update(`${mtimeMs} ${text}`).digest('hex') };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The file must be what this boot came from. @throws Failure */
export function requireOrders(own: OwnBootConfig | null, where: Where, action: Action): OwnBootConfig {
  if (own === null) throw refusal(`there is no boot config ${hexAddress(where.address)}: wrong IP?`);
  const parsed = parseBootConfig(own.text);
  const orders = parsed?.kind === 'maintenance' ? parsed.orders : null;
  if (orders?.kind === 'jobless' && orders.action === action) return own;
  throw refusal(`${own.path} does not say '${action}' without a job: it is not what this box was booted by`);
}

/**
 * Removes the file when it still says what it said. It is moved aside and looked at again
 * before it goes: somebody may have replaced it. False when it was replaced.
 */
export async function removeOwnBootConfig(own: OwnBootConfig): Promise<boolean> {
  const directory = join(own.path, '..');
  const aside = join(directory, `${TEMPORARY_PREFIX}${randomUUID()}`);
  try {
    await rename(own.path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true; // moved away before a power cut
    throw error;
  }
  const same = (await readFile(aside, 'utf8')) === own.text;
  if (!same) await link(aside, own.path);
  await rm(aside);
  await syncDirectory(directory);
  return same;
}

async function requireMarker(tftpRoot: string): Promise<void> {
  try {
    await access(join(tftpRoot, TFTP_MARKER));
  } catch (cause) {
    throw new Failure({
      class: 'storage',
      code: 'share-not-mounted',
      message: `the TFTP area is not mounted at ${tftpRoot}: there is no file "${TFTP_MARKER}" in it`,
      cause,
    });
  }
}

function refusal(message: string): Failure {
  return new Failure({ class: 'operator', code: 'boot-config-refused', message });
}
