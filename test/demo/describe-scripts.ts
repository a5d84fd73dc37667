import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Told, untold } from './told.ts';

const MINUTES_MS = 4 * 60_000;
/** There the bot is away from the first line to the last. */
const WITHOUT_JOBS = ['jobless.txt'];

/** Plays the directory's scripts in some chat; what people are told is the same for all of them. */
export function describeScripts(
  chat: string,
  { directory, scripts }: { directory: string; scripts: readonly string[] },
  play: (script: string) => Promise<Told>,
): void {
  describe.concurrent(chat, () => {
    it.each(scripts)(
      'plays %s to its end, and every job comes to its own, told once',
      async (script) => {
        const told = await play(join(directory, script));

        expect(untold(told)).toEqual([]);
        expect(told.signs.size > 0).toBe(!WITHOUT_JOBS.includes(script));
      },
      MINUTES_MS,
    );
  });
}
