import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MINUTES_MS = 4 * 60_000;

/** Plays a script with the real bot and the real agent on small disks. Rejects with what it printed. */
async function play(script: string): Promise<string> {
  const args = ['src/main.ts', 'demo', '--script', script, '--disk-size', '32'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    maxBuffer: 64 * 1024 ** 2,
  });
  return stdout;
}

describe.concurrent('the demo', async () => {
  const scripts = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.txt'));

  it.each(scripts)(
    'plays %s to its end, and every job says once that it is done',
    async (script) => {
      const transcript = await play(join('test/demo', script));

      const jobs = new Set(transcript.match(/(?<=· job )\w{8}/g));
      const dones = transcript.match(/is back on its own disk: .* done\./g) ?? [];
      expect(jobs.size).toBeGreaterThan(0);
      expect(dones).toHaveLength(jobs.size);
    },
    MINUTES_MS,
  );
});
