import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { doneNotices, type Told } from './told.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Dozens of bots and agents are started: most of their time would go into compiling the same code. */
export const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/node-compile');

/**
 * Plays a script with the program `testbox demo`, the real bot and the real agent, on small
 * disks. Rejects with what the demo printed when a line fails.
 */
export async function playDemo(script: string): Promise<Told> {
  const args = ['src/main.ts', 'demo', '--script', script, '--disk-size', '32'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    maxBuffer: 64 * 1024 ** 2,
  });
  return { signs: lastSigns(stdout), doneNotices: doneNotices(stdout), breaches: [] };
}

/** From a transcript: the jobs that got a card, with the sign that the card bore at last. */
function lastSigns(transcript: string): Map<string, string> {
  const cards = transcript.matchAll(
    /^ {2}(?:@\S+ )*(\S+) [a-z-]+ \S+: .*\n(?:(?: {4}.*| *)\n)*? {4}[\d.]+ · job (\w{8})/gm,
  );
  return new Map([...cards].map(([, sign = '', job = '']) => [job, sign]));
}
