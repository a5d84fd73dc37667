import type { Clock } from './clock.ts';
import { describeError } from './failure.ts';
import type { Machine, Remark } from './machine.ts';

/** Less is not worth a word: the bot tells its time to the second, and answers take some. */
const TOLERATED_MS = 2 * 60_000;
const UNITS: readonly (readonly [string, number])[] = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
];

/**
 * Holds this machine's clock to the bot's, for the logs' times are by it. Null when both agree;
 * nothing else depends on the clock, so what can't be set is said and no more.
 */
export async function followBotTime(
  { machine, clock }: { machine: Machine; clock: Clock },
  botTime: number,
): Promise<Remark | null> {
  const ahead = clock.now() - botTime;
  if (Math.abs(ahead) <= TOLERATED_MS) return null;
  const wrong = `this box's clock is ${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} the bot's`;
  return { level: 'warn', message: `${wrong}; ${await correct(machine, botTime)}` };
}

async function correct({ setClock }: Machine, botTime: number): Promise<string> {
  if (setClock === null) return 'the times in its logs are wrong by that';
  try {
    await setClock(botTime);
    return `it was set to ${new Date(botTime).toISOString()} for this boot. Look at its battery and at the firmware's clock`;
  } catch (error) {
    return `it can't be set (${describeError(error)}), so the times in its logs are wrong by that`;
  }
}

/** In the largest unit that gives two or more. */
function duration(ms: number): string {
  const [unit, length] = UNITS.find(([, each]) => ms >= 2 * each) ?? ['minutes', 60_000];
  return `${Math.round(ms / length)} ${unit}`;
}
