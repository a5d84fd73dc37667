import { describe, expect, it } from 'vitest';
import type { Outcome } from './crash-walk/outcome.ts';
import { play, type Walk } from './crash-walk/play.ts';

const WALK_MS = 15 * 60_000;
/** More would only make a small machine slower. */
const AT_ONCE = 3;

/**
 * The number of writes differs a little from run to run, as edits of a card fall together: the
 * walk is over when so many runs had fewer writes than were waited for.
 */
const SURVIVED_IN_THE_END = 4;

const BACK_UP = ['backup pluto', 'press confirm pluto', 'wait pluto succeeded 90s'];
const WALKS: readonly Walk[] = [
  { name: 'backup', before: [], job: BACK_UP },
  {
    name: 'restore',
    before: [...BACK_UP, '!sha256 pluto sda', '!scribble pluto sda'],
    job: [
      'restore pluto',
      'press confirm pluto',
      'wait pluto awaiting-approval',
      'as bob',
      'press approve pluto',
      'wait pluto succeeded 90s',
    ],
  },
];

/**
 * What a crash may leave different. The agent's hello can come before the bot has stored that
 * its reboot command went out (that race exists without a crash), and a hello whose answer
 * was lost is said again. Deadlines are moved by the time that the bot was away.
 */
function comparable(outcome: Outcome): Outcome {
  const { audit, ...rest } = outcome;
  const hello = /^hello-new-boot: (?:rebooting|booting) → running$/;
  return {
    ...rest,
    audit: audit
      .filter((row) => !/^(?:reboot-issued|boot-id-seen|hello-again|deadline-moved):/.test(row))
      .map((row) => (hello.test(row) ? 'hello-new-boot: → running' : row)),
  };
}

/** Lines that one run has and the other hasn't, counted. */
function differenceBetween(expected: Outcome, actual: Outcome): string[] {
  const lines = (outcome: Outcome) =>
    Object.entries(outcome).flatMap(([part, rows]: [string, readonly string[]]) =>
      rows.map((row) => `${part}: ${row}`),
    );
  const missing = without(lines(expected), lines(actual)).map((line) => `- ${line}`);
  const extra = without(lines(actual), lines(expected)).map((line) => `+ ${line}`);
  return [...missing, ...extra];
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('the crash walk', () => {
  it.each(WALKS)(
    'through a $name ends the same, whichever write to the store was the last before a SIGKILL',
    async (walk) => {
      const undisturbed = comparable((await play(walk, null)).outcome);
      const differences: string[] = [];
      let crashes = 0;
      let next = 1;
      let survived = 0;
      const walker = async () => {
        while (survived < SURVIVED_IN_THE_END) {
          const dieAfter = next;
          next += 1;
          const { outcome, died } = await play(walk, dieAfter);
          if (!died) {
            survived += 1;
            continue;
          }
          crashes += 1;
          const difference = differenceBetween(undisturbed, comparable(outcome));
          if (difference.length === 0) continue;
          const line = `after write ${dieAfter}: ${difference.join('; ')}`;
          console.log(line);
          differences.push(line);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, walker));

      console.log(`crash walk, ${walk.name}: ${crashes} crashes, ${differences.length} differences`);
      expect(differences).toEqual([]);
      expect(crashes).toBeGreaterThan(20);
    },
    WALK_MS,
  );
});
