import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The last words are of interest; whoever talks without end fills no memory. */
const KEPT_BYTES = 4 * 1024;
/** The bot's environment is full of tokens; a power program needs none of them. */
const PASSED_VARIABLES = ['PATH', 'HOME', 'USER', 'LOGNAME'] as const;

export type ProgramEnd =
  | { kind: 'not-started'; why: string }
  /** @property lastLine of what it wrote to standard error */
  | { kind: 'exited'; status: number; lastLine: string }
  | { kind: 'killed'; signal: string }
  /** It and all it started were killed. */
  | { kind: 'timed-out'; timeoutMs: number };

type Child = ChildProcessByStdio<null, null, Readable>;

/** Runs a program without a shell, in a process group of its own, with nothing to read. */
export function runProgram(run: {
  argv: readonly [string, ...string[]];
  timeoutMs: number;
}): Promise<ProgramEnd> {
  const { argv, timeoutMs } = run;
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      detached: true,
      env: { ...Object.fromEntries(PASSED_VARIABLES.map((name) => [name, process.env[name]])), LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const errors = keepTail(child);
    let exit: ProgramEnd | undefined;
    const end = (by: ProgramEnd) => {
      clearTimeout(timer);
      child.stderr.destroy();
      resolve(by.kind === 'exited' ? { ...by, lastLine: lastLine(errors()) } : by);
    };
    const timer = setTimeout(() => {
      killGroup(child);
      // One that waits for a dead device doesn't even go by SIGKILL.
      end(exit ?? { kind: 'timed-out', timeoutMs });
    }, timeoutMs);
    child.on('error', (error) => {
      if (child.pid === undefined) end({ kind: 'not-started', why: errorCode(error) });
    });
    child.on('exit', (status, signal) => {
      exit =
        status === null
          ? { kind: 'killed', signal: String(signal) }
          : { kind: 'exited', status, lastLine: '' };
    });
    // Later than the exit while a child of its own still holds standard error.
    child.on('close', () => {
      if (exit !== undefined) end(exit);
    });
  });
}

function keepTail(child: Child): () => string {
  let kept = Buffer.alloc(0);
  child.stderr.on('data', (piece: Buffer) => {
    kept = Buffer.concat([kept, piece]).subarray(-KEPT_BYTES);
  });
  return () => kept.toString('utf8');
}

function killGroup(child: Child): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error; // all of them have ended
  }
}

function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim());
  return lines.findLast((line) => line !== '')?.slice(0, 200) ?? '';
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
