import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { NfsrootLayout } from '../../../src/cli/nfsroot/layout.ts';
import { lookAtPlaces } from '../../../src/cli/nfsroot/obstacles.ts';

const MAIN = join(import.meta.dirname, '../../../src/main.ts');
const FAKE = join(import.meta.dirname, 'fake-mmdebstrap.sh');

/** Why a build can't be tried here; null when it can. */
export const cannotBuild: string | null = await reasonAgainst();

/** A storage server to be, a recipe of a few files, and mmdebstrap's stand-in on the PATH. */
export class BuildPlace {
  readonly folder = mkdtempSync(join(tmpdir(), 'nfsroot-'));
  readonly recipe = join(this.folder, 'recipe');
  readonly tftpRoot = join(this.folder, 'tftp');
  readonly layout = new NfsrootLayout(join(this.folder, 'nfsroot'));
  readonly key = join(this.folder, 'key');
  readonly programs = join(this.folder, 'programs');

  constructor({ kernel = '6.12.1-amd64' }: { kernel?: string } = {}) {
    for (const path of [
      join(this.recipe, 'packages'),
      join(this.recipe, 'root/etc'),
      this.tftpRoot,
      this.programs,
    ]) {
      mkdirSync(path, { recursive: true });
    }
    writeFileSync(join(this.recipe, 'packages/common.txt'), '# all\nsystemd\nlinux-image-amd64 # one\n');
    writeFileSync(join(this.recipe, 'root/etc/motd'), 'the maintenance system\n', { mode: 0o600 });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bot', '-f', this.key]);
    copyFileSync(FAKE, join(this.programs, 'mmdebstrap'));
    this.tellFake('node', process.execPath);
    this.tellFake('kernel', kernel);
  }

  /** Leaves a word for the stand-in, or takes it back. */
  tellFake(name: 'node' | 'kernel' | 'fail-at' | 'hang-at', words: string | null): void {
    if (words === null) rmSync(join(this.programs, name));
    else writeFileSync(join(this.programs, name), words);
  }

  heardByFake(name: 'calls' | 'environment'): string {
    return readFileSync(join(this.programs, name), 'utf8');
  }

  environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      PATH: [this.programs, process.env.PATH].join(delimiter),
      TMPDIR: process.env.TMPDIR,
      TESTBOX_TFTP_ROOT: this.tftpRoot,
      TESTBOX_BACKUP_ROOT: join(this.folder, 'backup'),
      TESTBOX_NFSROOT: this.layout.nfsroot,
      TESTBOX_NFS_SERVER: '10.40.41.1',
      TESTBOX_REPORT_URL: 'http://10.40.41.1:7480/',
      TESTBOX_SSH_KEY: this.key,
      SLACK_BOT_TOKEN: 'xoxb-secret',
      ...more,
    };
  }

  /** The command as a person types it; builds take the recipe and name a mirror. */
  run(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', 'umask 077; exec "$@"', 'sh', ...this.#argv(args)],
      {
        cwd: this.folder,
        env: this.environment(env),
        encoding: 'utf8',
      },
    );
    // Temporary directories are on all kinds of file systems.
    return { status, stdout, stderr: stderr.replace(/^.* warning: .*can't export.*\n/m, '') };
  }

  /** The same, given back as soon as it says a line that matches. */
  async runUntil(args: readonly string[], line: RegExp): Promise<ChildProcess> {
    const [program = '', ...rest] = this.#argv(args);
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const said of createInterface({ input: child.stdout })) if (line.test(said)) return child;
    throw new Error(`it ended without a line such as ${line}`);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  #argv(args: readonly string[]): string[] {
    const forBuild =
      args[0] === 'build' ? ['--recipe', this.recipe, '--mirror', 'http://mirror.lab/debian'] : [];
    return [process.execPath, MAIN, 'nfsroot', ...args, ...forBuild];
  }
}

async function reasonAgainst(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'needs root';
  if (process.arch !== 'x64') return 'needs an x86-64 machine';
  const keyrings = [
    '/usr/share/keyrings/debian-archive-keyring.gpg',
    '/usr/share/keyrings/debian-archive-keyring.pgp',
  ];
  if (!keyrings.some((path) => existsSync(path))) return 'needs the package debian-archive-keyring';
  for (const program of ['setpriv', 'flock', 'apt-config', 'ssh-keygen']) {
    if (spawnSync('which', [program]).status !== 0) return `needs the program ${program}`;
  }
  const unshared = spawnSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true']);
  if (unshared.status !== 0) return 'needs the right to make namespaces';
  try {
    await lookAtPlaces({ nfsroot: tmpdir(), tftpRoot: tmpdir() });
    return null;
  } catch (error) {
    return `needs another temporary directory: ${String(error)}`;
  }
}
