import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of ours that runs beside the lab and never outlives it. */
export interface LabChild {
  pid: number | undefined;
  /** The exit status, or null when a signal ended it. Never rejects. */
  ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a script with this process's Node. Its output goes to `onOutput`, line by line.
 *
 * @param start.script absolute path
 */
export function startChild(start: {
  script: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  onOutput: (line: string) => void;
}): LabChild {
  const watchdog = fileURLToPath(new URL(`./watchdog${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', watchdog, start.script, ...start.args], {
    cwd: start.cwd,
    env: { ...start.env, TESTBOX_LAB_PARENT: String(process.pid) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Writing to a dead child's stdin is no error of ours: nothing is ever written.
  child.stdin.on('error', () => undefined);
  for (const stream of [child.stdout, child.stderr]) forEachLine(stream, start.onOutput);
  return { pid: child.pid, ended: endOf(child, start.onOutput), kill: (signal) => child.kill(signal) };
}

async function endOf(child: ChildProcess, onOutput: (line: string) => void): Promise<number | null> {
  try {
    await once(child, 'close');
  } catch (error) {
    onOutput(`could not be started: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  return child.exitCode;
}

function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (part: string) => {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
