import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hexAddress, type TestboxAddress } from '../src/contract/address.ts';
import { DiskSlot } from '../src/contract/disk.ts';
import { BACKUP_MARKER, boxDirectory, DISK_LIST } from '../src/contract/share-layout.ts';
import { syncDirectory, writeIfMissing } from './durable.ts';
import { Failure } from './failure.ts';

/**
 * The box's own directory on the mounted backup share, made on first use with the small
 * files the scheme puts there.
 *
 * @throws Failure when the share isn't mounted
 */
export async function openBoxDirectory(where: {
  backupRoot: string;
  address: TestboxAddress;
  hostname: string | null;
}): Promise<string> {
  await requireMarker(where.backupRoot);
  const directory = join(where.backupRoot, boxDirectory(where.address));
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await writeIfMissing(join(directory, BACKUP_MARKER), '');
  await writeIfMissing(join(directory, hexAddress(where.address)), `${where.address}\n`);
  if (where.hostname !== null && /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(where.hostname)) {
    await writeIfMissing(join(directory, where.hostname), `${where.hostname}\n`);
  }
  await syncDirectory(where.backupRoot);
  return directory;
}

async function requireMarker(backupRoot: string): Promise<void> {
  try {
    await access(join(backupRoot, BACKUP_MARKER));
  } catch (cause) {
    throw new Failure({
      class: 'storage',
      code: 'share-not-mounted',
      message: `the backup share is not mounted at ${backupRoot}: there is no file "${BACKUP_MARKER}" in it`,
      cause,
    });
  }
}

/** The box's `disk-devices.lst`: devices on one or several lines; null when there is none. */
export async function readDiskList(directory: string): Promise<DiskSlot[] | null> {
  const text = await readFile(join(directory, DISK_LIST), 'utf8').catch(() => null);
  if (text === null) return null;
  const names = text
    .split('\n')
    .flatMap((line) => line.replace(/#.*/, '').split(/\s+/))
    .filter((word) => word !== '')
    .map((word) => DiskSlot.safeParse(word.replace(/^\/dev\//, '')));
  return names.flatMap((parsed) => (parsed.success ? [parsed.data] : []));
}
