import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type InitResult, initStorage } from '../../../src/cli/storage/init.ts';
import { defaultOptions, type InitOptions } from '../../../src/cli/storage/options.ts';
import { PROGRAM_ENVIRONMENT } from '../program-environment.ts';

const main = join(import.meta.dirname, '../../../src/main.ts');

export const INVENTORY = `testboxes:
  - { name: pluto, ip: 10.40.41.42, mac: "52:54:00:00:00:42" }
  - { name: venus, ip: 10.40.41.43, mac: "52:54:00:00:00:43", uefi-local-boot: grub }
`;
/** Of nobody on this machine. */
const BOT = '54321:54322';

/** The Debian packages that the TFTP area is made of; null where they are installed. */
export const withoutBootPackages = [
  '/usr/lib/PXELINUX/pxelinux.0',
  '/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi',
  '/usr/lib/syslinux/modules/bios/ldlinux.c32',
  '/usr/lib/grub/x86_64-efi/moddep.lst',
].every((file) => existsSync(file))
  ? null
  : 'needs the packages pxelinux, syslinux-common, syslinux-efi and grub-efi-amd64-bin';

export const withoutRoot = process.getuid?.() === 0 ? null : 'needs root';

/** Why a test can't run here, for its title; null where it can. */
export function unlessFound(program: string, debian: string): string | null {
  const places = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(delimiter);
  const isThere = places.some((directory) => existsSync(join(directory, program)));
  return isThere ? null : `needs ${program} of the package ${debian}`;
}

export interface StorageLab {
  /** Has .env and testboxes.yaml; the areas are made in it. */
  root: string;
  tftpRoot: string;
  backupRoot: string;
  nfsroot: string;
  output: string;
  state: string;
  init(...args: string[]): { status: number | null; stdout: string; stderr: string };
  /** As `layOut`, in this process: many times as fast. */
  layOutHere(options?: Partial<InitOptions>): Promise<InitResult>;
  /** As `init`, with the bot's user and the state directory named. */
  layOut(...args: string[]): { status: number | null; stdout: string; stderr: string };
}

/** A directory like the one that the bot is installed in, and the command as a person types it. */
export function storageLab({
  inventory = INVENTORY,
  env = {},
}: {
  inventory?: string;
  env?: Record<string, string>;
} = {}): StorageLab {
  const root = mkdtempSync(join(tmpdir(), 'testbox-storage-'));
  // Daemons go there as users of their own.
  chmodSync(root, 0o755);
  if (process.env.TMPDIR !== undefined) chmodSync(process.env.TMPDIR, 0o755);
  const areas = {
    tftpRoot: join(root, 'tftp'),
    backupRoot: join(root, 'backup'),
    nfsroot: join(root, 'nfsroot'),
  };
  writeFileSync(join(root, 'testboxes.yaml'), inventory);
  const variables = {
    TESTBOX_TFTP_ROOT: areas.tftpRoot,
    TESTBOX_BACKUP_ROOT: areas.backupRoot,
    TESTBOX_NFSROOT: areas.nfsroot,
    TESTBOX_NFS_SERVER: '10.40.41.1',
    ...env,
  };
  writeFileSync(
    join(root, '.env'),
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const state = join(root, 'state');
  const init = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', 'umask 077; exec "$@"', 'sh', process.execPath, main, 'storage', 'init', ...args],
      { cwd: root, env: { ...PROGRAM_ENVIRONMENT, TMPDIR: process.env.TMPDIR }, encoding: 'utf8' },
    );
    return { status, stdout, stderr };
  };
  const user = withoutRoot === null ? ['--user', BOT] : [];
  return {
    root,
    ...areas,
    output: join(root, 'storage'),
    state,
    init,
    layOutHere: async (options = {}) => {
      const before = process.cwd();
      process.chdir(root);
      try {
        return await initStorage({ ...defaultOptions(), user: BOT, stateDirectory: state, ...options });
      } finally {
        process.chdir(before);
      }
    },
    layOut: (...args) => init(...user, '--state', state, ...args),
  };
}

/** Every path below a directory, with what a change of it would change. */
export function snapshot(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const { mode, uid, gid, size, mtimeMs, ino } = statSync(join(directory, name));
      return [name, mode.toString(8), uid, gid, size, mtimeMs, ino].join(' ');
    });
}
