import { Cron } from 'croner';
import { z } from 'zod';

/** When the next run is due after a moment, both epoch ms; null when there is none any more. */
export type Schedule = (after: number) => number | null;

const EXPECTED = 'a cron expression of five fields such as 30 2 * * 6, or @daily';

/** By the server's own time zone. */
export const CronSchedule = z.string(EXPECTED).transform((text, context): Schedule => {
  try {
    const cron = new Cron(text);
    return (after) => cron.nextRun(new Date(after))?.getTime() ?? null;
  } catch {
    context.addIssue(EXPECTED);
    return z.NEVER;
  }
});
