import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxShares } from '../../../agent/machine/linux-shares.ts';
import { ADDRESS } from '../box-description.ts';

/** How the server treats one directory: shares it, or answers a mount as a real one would. */
export type Treatment = 'rw' | 'ro' | 'hidden' | 'denied' | 'refused' | 'silent';

/** What mount.nfs 2.6 prints, with its status. The kernel's client behind it can't be had in a test. */
const SAYS: Record<Exclude<Treatment, 'rw' | 'ro' | 'silent'>, string> = {
  hidden: 'mount.nfs4: mounting $source failed, reason given by server: No such file or directory',
  denied: 'mount.nfs4: access denied by server while mounting $source',
  refused: 'mount.nfs4: Connection refused',
};

/** Null when this process can mount. */
export function whyNoMount(): string | null {
  if (process.getuid?.() !== 0) return 'not root';
  const folder = mkdtempSync(join(tmpdir(), 'testbox-mount-'));
  try {
    execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return null;
  } catch {
    return 'mount does not work here';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * A storage server in a folder, and a `mount` program that takes NFS sources from it: it
 * insists on the options that the real one needs, and binds what is exported.
 */
export class FakeServer {
  readonly folder: string;
  readonly places;

  private constructor(folder: string) {
    this.folder = folder;
    this.places = {
      proc: '/proc',
      fstab: join(folder, 'fstab'),
      tftpRoot: join(folder, 'mnt/testbox-tftp'),
      backupRoot: join(folder, 'mnt/testbox-backup'),
      path: `${join(folder, 'bin')}:${process.env.PATH}`,
      mountMs: 10_000,
    };
  }

  static async start(): Promise<FakeServer> {
    const server = new FakeServer(await mkdtemp(join(tmpdir(), 'testbox-server-')));
    const { folder, places } = server;
    for (const name of ['bin', 'exports', 'disk', 'mnt']) await mkdir(join(folder, name));
    const options = 'vers=4.1,proto=tcp,noauto,hard';
    await writeFile(
      places.fstab,
      `10.40.41.2:/export/testbox-tftp ${places.tftpRoot} nfs4 ${options} 0 0\n` +
        `10.40.41.2:/export/testbox-backup ${places.backupRoot} nfs4 ${options} 0 0\n`,
    );
    const program = join(folder, 'bin/mount');
    await writeFile(program, mountProgram(folder));
    await chmod(program, 0o755);
    return server;
  }

  shares(changes: Partial<FakeServer['places']> = {}): LinuxShares {
    return new LinuxShares({ ...this.places, ...changes }, ADDRESS);
  }

  /** From now on, in place of what was. Gives the directory on the server's disk. */
  async treat(path: string, treatment: Treatment): Promise<string> {
    const directory = this.onDisk(path);
    await mkdir(directory, { recursive: true });
    await writeFile(join(this.folder, 'exports', path.replaceAll('/', '_')), `${treatment} ${directory}\n`);
    return directory;
  }

  onDisk(path: string): string {
    return join(this.folder, 'disk', path);
  }

  /** Sources that were asked for, in order. */
  async asked(): Promise<string[]> {
    const text = await readFile(join(this.folder, 'asked'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  }

  async mounted(): Promise<string[]> {
    const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
    return lines.map((line) => line.split(' ')[4] ?? '').filter((place) => place.startsWith(this.folder));
  }

  async stop(): Promise<void> {
    for (const place of (await this.mounted()).reverse()) execFileSync('umount', [place]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function mountProgram(folder: string): string {
  const cases = Object.entries(SAYS).map(
    ([treatment, words]) => `${treatment}) echo "${words}" >&2; exit 32;;`,
  );
  return `#!/bin/sh
[ "$#" = 6 ] && [ "$1 $2 $3" = "-t nfs4 -o" ] || { echo "mount: bad usage" >&2; exit 1; }
case ",$4," in *,noauto,*) echo "mount.nfs4: an incorrect mount option was specified" >&2; exit 32;; esac
case ",$4," in *,vers=4.1,*,retry=0,*) ;; *) echo "fake mount: $4 would wait for minutes" >&2; exit 99;; esac
source=$5
place=$6
echo "$source" >> ${folder}/asked
[ -d "$place" ] || { echo "mount.nfs4: mount point $place does not exist" >&2; exit 32; }
export=$(echo "\${source#*:}" | tr / _)
[ -e "${folder}/exports/$export" ] && read -r treatment directory < "${folder}/exports/$export" || treatment=hidden
case $treatment in
${cases.join('\n')}
silent) sh -c 'sleep 600; :' ${folder}/bin/mount.nfs4 & wait;;
esac
PATH=/usr/bin:/bin
mount --bind "$directory" "$place" || exit 32
[ "$treatment" = rw ] || mount -o remount,bind,ro "$place"
`;
}
