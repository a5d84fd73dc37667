import { describe, expect, it } from 'vitest';
import { CronSchedule } from '../../src/config/schedule.ts';

describe('a schedule', () => {
  it('says when the next run is due, by the server’s time', () => {
    const schedule = CronSchedule.parse('30 2 * * 6');
    const next = new Date(schedule(new Date(2026, 10, 23, 12).getTime()) ?? 0);

    expect(next).toEqual(new Date(2026, 10, 28, 2, 30));
    expect(new Date(schedule(next.getTime()) ?? 0)).toEqual(new Date(2026, 11, 5, 2, 30));
  });

  it.each(['nightly', '61 * * * *', '* * *', ''])('is not %j', (text) => {
    expect(CronSchedule.safeParse(text).error?.issues[0]?.message).toContain('a cron expression');
  });
});
