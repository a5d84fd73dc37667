import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { LineLog } from './line-log.ts';

const SCRIPT = fileURLToPath(new URL('./enclosure.sh', import.meta.url));
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How a program is started in the enclosure. */
export interface Start {
  argv: readonly [string, ...string[]];
  /** An ordinary user without any capability; root when left out. */
  as?: string;
  /** A path inside. */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** `host` for what has to reach package mirrors. */
  network?: 'lab' | 'host';
  input?: string;
}

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A path outside, and where it is inside. */
export interface Bind {
  from: string;
  to: string;
  readOnly?: boolean;
}

/** A program that runs until it is ended. */
export interface Running {
  hasEnded(): boolean;
  /** Never rejects. */
  ended: Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * A machine within the machine: its own network, its own processes, and a file system that is the
 * outer one but for what is bound over it. All of it goes when this process goes, however that ends,
 * so nothing of it can be left behind.
 */
export class Enclosure {
  readonly #anchor: ChildProcess;
  readonly #pid: string;

  private constructor(anchor: ChildProcess, pid: string) {
    this.#anchor = anchor;
    this.#pid = pid;
  }

  /**
   * @param at an empty directory, for the private root to be mounted on
   */
  static async open(at: string, binds: readonly Bind[]): Promise<Enclosure> {
    await mkdir(at, { recursive: true });
    const anchor = spawn(
      'unshare',
      ['--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', SCRIPT, at].concat(
        binds.flatMap(({ from, to, readOnly }) => [from, to, readOnly === true ? 'ro' : 'rw']),
      ),
      { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH } },
    );
    const complaints = text(anchor.stderr);
    let said = '';
    for await (const part of anchor.stdout) {
      said += String(part);
      const pid = /^enclosed (\d+)$/m.exec(said)?.[1];
      if (pid !== undefined) return new Enclosure(anchor, pid);
    }
    throw new Error(
      `No network, mount and process namespace could be made: ${(await complaints).trim()}. ` +
        'These tests need root with CAP_SYS_ADMIN and CAP_NET_ADMIN.',
    );
  }

  /** Starts a program whose output goes to the log. */
  start(start: Start, log: LineLog): Running {
    const child = this.#spawn(start);
    let over = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => log.write(part));
    }
    const ended = closed(child).then(() => {
      over = true;
    });
    return { ended, hasEnded: () => over, kill: (signal) => signalTo(child, signal) };
  }

  /** Runs a program to its end. */
  async run(start: Start): Promise<Finished> {
    const child = this.#spawn(start);
    if (child.stdout === null || child.stderr === null) throw new Error('a child without pipes');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), closed(child)]);
    return { status: child.exitCode, stdout, stderr };
  }

  /** Runs a program that has to succeed. @throws with its last words */
  async must(start: Start): Promise<string> {
    const { status, stdout, stderr } = await this.run(start);
    if (status === 0) return stdout;
    throw new Error(
      `${start.argv.join(' ')} ended with ${status ?? 'a signal'}:\n${stdout.slice(-2_000)}${stderr.slice(-4_000)}`,
    );
  }

  /** Ends everything in it at once. */
  async close(): Promise<void> {
    const over = closed(this.#anchor);
    this.#anchor.stdin?.end();
    await over;
  }

  #spawn({ argv, as, cwd, env, network = 'lab', input }: Start): ChildProcess {
    const enter = ['--target', this.#pid, '--mount', '--pid', ...(network === 'lab' ? ['--net'] : [])];
    const child = spawn(
      'nsenter',
      [...enter, '--', 'env', '-C', cwd ?? '/', ...(as === undefined ? [] : withoutRights(as)), ...argv],
      // A group of its own: a signal has to reach the program, which is nsenter's child.
      { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH, ...env }, detached: true },
    );
    // A program that ends without reading is no error of ours.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
    return child;
  }
}

function withoutRights(user: string): string[] {
  return [
    'setpriv',
    `--reuid=${user}`,
    `--regid=${user}`,
    '--clear-groups',
    '--bounding-set=-all',
    '--inh-caps=-all',
    '--no-new-privs',
    '--',
  ];
}

/** SIGKILL goes to all of its group; anything milder to the program alone, which tells its own children. */
function signalTo(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (signal === 'SIGKILL') {
    sendSignal(-child.pid, signal);
    return;
  }
  // nsenter doesn't pass signals on: the program is its child.
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) if (pid !== '') sendSignal(Number(pid), signal);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it has ended
  }
}

async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await once(child, 'close').catch(() => undefined);
}
