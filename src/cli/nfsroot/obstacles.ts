import { constants } from 'node:fs';
import { access, chmod, mkdir, realpath, stat, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { StorageConfig } from '../../config/storage-env.ts';
import { fileErrorCode } from '../../storage/file-error.ts';
import { findKeyring } from './mirror.ts';
import { NfsrootProblem } from './problem.ts';
import { type Mount, readMounts } from './remove-tree.ts';
import { toolEnvironment } from './run-tool.ts';

const MEBIBYTE = 1024 ** 2;
const NEEDED_FOR_ROOT = 1536 * MEBIBYTE;
const NEEDED_FOR_BOOT = 192 * MEBIBYTE;

/** Programs that a build calls, and the Debian packages that they are in. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'apt-config': 'apt',
  tar: 'tar',
  chroot: 'coreutils',
  flock: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
};

/** File systems that give no handles which a server could find a file by later. */
const NOT_EXPORTABLE = new Set(['overlay', 'aufs', 'tmpfs', 'ramfs', 'squashfs', 'fuse', '9p']);

type Places = Pick<StorageConfig, 'nfsroot' | 'tftpRoot'>;

export function refuseUnlessRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new NfsrootProblem('files of the nfsroot belong to root: run this with sudo, or as root');
}

/** @throws {NfsrootProblem} that names all of them with the command that installs them */
export async function refuseWithoutPrograms(
  searchPath = toolEnvironment().PATH ?? '',
): Promise<{ keyring: string }> {
  const missing = new Set<string>();
  for (const [program, from] of Object.entries(PROGRAMS)) {
    if (!(await isOnPath(program, searchPath))) missing.add(from);
  }
  const keyring = await findKeyring();
  if (keyring === undefined) missing.add('debian-archive-keyring');
  if (missing.size === 0 && keyring !== undefined) return { keyring };
  throw new NfsrootProblem(
    `what builds a Debian root is not installed: apt-get install ${[...missing].join(' ')}`,
  );
}

/**
 * Makes the nfsroot's directory when it isn't there. Gives warnings.
 *
 * @throws {NfsrootProblem} when a build can't end well in these places
 */
export async function lookAtPlaces({ nfsroot, tftpRoot }: Places): Promise<string[]> {
  await refuseWithoutTftpArea(tftpRoot);
  await makeDirectory(nfsroot);
  await refuseWithoutSpace(nfsroot, {
    neededBytes: NEEDED_FOR_ROOT,
    what: 'a root',
    variable: 'TESTBOX_NFSROOT',
  });
  await refuseWithoutSpace(tftpRoot, {
    neededBytes: NEEDED_FOR_BOOT,
    what: 'kernel and initrd',
    variable: 'TESTBOX_TFTP_ROOT',
  });
  const mount = mountOf(await realpath(nfsroot), await readMounts());
  const against = mount?.options.filter((option) => ['ro', 'nodev', 'noexec'].includes(option)) ?? [];
  if (mount !== undefined && against.length > 0) {
    throw new NfsrootProblem(
      `${mount.mountPoint} is mounted ${against.join(', ')}, and a Debian root can't be made there: ` +
        `mount -o remount,${against.map((option) => ({ ro: 'rw', nodev: 'dev', noexec: 'exec' })[option]).join(',')} ` +
        `${mount.mountPoint}, or change TESTBOX_NFSROOT`,
    );
  }
  return mount === undefined ? [] : warningOf(nfsroot, mount);
}

/** The mount that a real path is on. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const around = mounts.filter(
    ({ mountPoint }) => path === mountPoint || path.startsWith(`${mountPoint.replace(/\/$/, '')}/`),
  );
  const depth = Math.max(...around.map(({ mountPoint }) => mountPoint.length));
  // Of those on one directory the last one covers the others.
  return around.findLast(({ mountPoint }) => mountPoint.length === depth);
}

function warningOf(nfsroot: string, { fileSystem }: Mount): string[] {
  if (!NOT_EXPORTABLE.has(fileSystem.split('.', 1)[0] ?? '')) return [];
  return [
    `${nfsroot} is on ${fileSystem}, which NFS servers can't export: boxes will not find their root there. ` +
      'Put TESTBOX_NFSROOT on ext4, XFS or the like',
  ];
}

async function refuseWithoutTftpArea(tftpRoot: string): Promise<void> {
  try {
    if ((await stat(tftpRoot)).isDirectory()) return;
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) throw error;
  }
  throw new NfsrootProblem(
    `the TFTP area ${tftpRoot} is not there: testbox storage init lays it out, or change TESTBOX_TFTP_ROOT`,
  );
}

async function makeDirectory(path: string): Promise<void> {
  try {
    if ((await mkdir(path, { recursive: true })) !== undefined) await chmod(path, 0o755);
  } catch (error) {
    throw new NfsrootProblem(`${path} can't be made (${fileErrorCode(error)}): change TESTBOX_NFSROOT`);
  }
}

async function refuseWithoutSpace(
  path: string,
  { neededBytes, what, variable }: { neededBytes: number; what: string; variable: string },
): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new NfsrootProblem(
    `${path} has ${mebibytes(freeBytes)} free, and ${what} needs ${mebibytes(neededBytes)}: make room there, or change ${variable}`,
  );
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MEBIBYTE)} MiB`;
}

async function isOnPath(program: string, searchPath: string): Promise<boolean> {
  for (const directory of searchPath.split(delimiter)) {
    try {
      await access(join(directory, program), constants.X_OK);
      return true;
    } catch {
      // not in this one
    }
  }
  return false;
}
