import { access, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hexAddress, type TestboxAddress } from '../src/contract/address.ts';
import { DiskSlot } from '../src/contract/disk.ts';
import { BACKUP_MARKER, boxDirectory, DISK_LIST, TEMPORARY_PREFIX } from '../src/contract/share-layout.ts';
import { syncDirectory, writeIfMissing } from './durable.ts';
import { errorCode, Failure } from './failure.ts';
import type { BackupShare } from './machine.ts';

/**
 * The box's own directory on the mounted backup share, made on first use with the small
 * files the scheme puts there.
 *
 * @throws Failure when the share isn't mounted or doesn't take what is written
 */
export async function openBoxDirectory(where: {
  share: BackupShare;
  address: TestboxAddress;
  hostname: string | null;
}): Promise<string> {
  const { share, address, hostname } = where;
  const directory = join(share.root, boxDirectory(address));
  await requireMarker(share.kind === 'whole' ? share.root : directory);
  try {
    await mkdir(directory, { recursive: true, mode: 0o755 });
    await tryToWrite(directory);
    await writeIfMissing(join(directory, BACKUP_MARKER), '');
    await writeIfMissing(join(directory, hexAddress(address)), `${address}\n`);
    if (hostname !== null && /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(hostname)) {
      await writeIfMissing(join(directory, hostname), `${hostname}\n`);
    }
    if (share.kind === 'whole') await syncDirectory(share.root);
  } catch (error) {
    throw (await refusedWrite(error, { share, directory })) ?? error;
  }
  return directory;
}

async function requireMarker(folder: string): Promise<void> {
  try {
    await access(join(folder, BACKUP_MARKER));
  } catch (cause) {
    throw new Failure({
      class: 'storage',
      code: 'share-not-mounted',
      message: `the backup share is not mounted at ${folder}: there is no file "${BACKUP_MARKER}" in it. "testbox storage init" puts it there`,
      cause,
    });
  }
}

/** Before hours of work: the small files may all be there since the first time. */
async function tryToWrite(directory: string): Promise<void> {
  const probe = join(directory, `${TEMPORARY_PREFIX}probe`);
  await writeIfMissing(probe, '');
  await rm(probe, { force: true });
}

/** What a server's refusal means for who looks after it; undefined for any other error. */
async function refusedWrite(
  cause: unknown,
  { share, directory }: { share: BackupShare; directory: string },
): Promise<Failure | undefined> {
  const code = errorCode(cause);
  if (code === 'EROFS') {
    return new Failure({
      class: 'storage',
      code: 'share-read-only',
      message: `the backup share is exported read-only to this box: ${directory} takes no writes. Make its export "rw" on the storage server`,
      cause,
    });
  }
  if (code !== 'EACCES' && code !== 'EPERM') return undefined;
  const owner = (await stat(directory).catch(() => null)) ?? (await stat(share.root).catch(() => null));
  const squash =
    owner === null
      ? 'all_squash with anonuid and anongid of the bot'
      : `all_squash,anonuid=${owner.uid},anongid=${owner.gid}`;
  return new Failure({
    class: 'storage',
    code: 'share-denied',
    message: `the storage server does not let this box write to ${directory}${owner === null ? '' : `, which belongs to user ${owner.uid}`}: the export needs ${squash}, the bot's user`,
    cause,
  });
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
