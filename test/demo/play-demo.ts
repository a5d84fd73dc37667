import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '../..');

/**
 * Plays a script with the real bot and the real agent on small disks. Gives the transcript;
 * rejects with what the demo printed when a line fails.
 */
export async function playDemo(script: string): Promise<string> {
  const args = ['src/main.ts', 'demo', '--script', script, '--disk-size', '32'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    // Dozens of bots and agents are started: most of their time would go into compiling the same code.
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/node-compile') },
    maxBuffer: 64 * 1024 ** 2,
  });
  return stdout;
}

/** The jobs that got a card, with the sign that the card bore at last. */
export function lastSigns(transcript: string): Map<string, string> {
  const cards = transcript.matchAll(/^ {2}(?:@\S+ )*(\S+) [a-z-]+ \S+\n {4}[\d.]+ · job (\w{8})$/gm);
  return new Map([...cards].map(([, sign = '', job = '']) => [job, sign]));
}

/** How often a thread told that its job is done. */
export function doneNotices(transcript: string): number {
  return transcript.match(/is back on its own disk: .* done\./g)?.length ?? 0;
}
