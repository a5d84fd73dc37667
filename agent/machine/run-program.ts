import { spawn } from 'node:child_process';
import { errorCode } from '../failure.ts';

const OUTPUT_BYTES = 256 * 1024;

/** How a program ended. */
export type Outcome =
  | { kind: 'ended'; status: number; stdout: string; stderr: string }
  /** There is no such program. */
  | { kind: 'missing' }
  /** The deadline passed. It was killed, but one that waits for a dead server may go on. */
  | { kind: 'late' };

/**
 * Runs a program, with those it starts, until its deadline. Returns at the deadline whatever
 * became of it: a process that hangs in the kernel can't be waited for.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { deadlineMs, path }: { deadlineMs: number; path: string },
): Promise<Outcome> {
  return new Promise((resolve) => {
    // Its own group, so that what `mount` starts is killed with it.
    const child = spawn(program, [...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: path, LC_ALL: 'C' },
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const deadline = setTimeout(() => {
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve({ kind: 'late' });
    }, deadlineMs);
    child.once('error', (error) => {
      clearTimeout(deadline);
      if (errorCode(error) === 'ENOENT') return resolve({ kind: 'missing' });
      resolve({ kind: 'ended', status: 126, stdout: '', stderr: error.message });
    });
    child.once('close', (status) => {
      clearTimeout(deadline);
      // A program that was killed has no status; the shell calls it 128 and more.
      resolve({ kind: 'ended', status: status ?? 128, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** What a program said, in one line for people. */
export function saidBy(outcome: Outcome, program: string): string {
  switch (outcome.kind) {
    case 'missing':
      return `there is no program "${program}" in the maintenance system`;
    case 'late':
      return `${program} did not come to an end`;
    case 'ended': {
      const text = (outcome.stderr.trim() || outcome.stdout.trim()).replace(/\s+/g, ' ');
      return text === '' ? `${program} ended with status ${outcome.status}` : text.slice(0, 500);
    }
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (piece: Buffer) => {
    if (bytes < OUTPUT_BYTES) pieces.push(piece);
    bytes += piece.length;
  });
  return () => Buffer.concat(pieces).toString('utf8', 0, OUTPUT_BYTES);
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
