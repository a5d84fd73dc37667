import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doneNotices, lastSigns, playDemo, ROOT } from './play-demo.ts';

const MINUTES_MS = 4 * 60_000;
const END_SIGNS = ['✅', '❌', '🚫', '⌛'];
/** There the bot is away from the first line to the last. */
const WITHOUT_JOBS = ['jobless.txt'];

/** Plays every script of the directory; what a transcript shows is the same for all of them. */
export function describeScripts(directory: string): void {
  const scripts = readdirSync(directory).filter((name) => name.endsWith('.txt'));

  describe.concurrent('the demo', () => {
    it.each(scripts)(
      'plays %s to its end, and every job comes to its own, told once',
      async (script) => {
        const transcript = await playDemo(relative(ROOT, join(directory, script)));

        const signs = [...lastSigns(transcript).values()];
        expect(signs.length > 0).toBe(!WITHOUT_JOBS.includes(script));
        expect(signs.filter((sign) => !END_SIGNS.includes(sign))).toEqual([]);
        expect(doneNotices(transcript)).toBe(signs.filter((sign) => sign === '✅').length);
      },
      MINUTES_MS,
    );
  });
}
