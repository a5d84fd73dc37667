import { z } from 'zod';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 30 * UNITS.d;

/** `60s`, `20m`, `4h`, `2d` in milliseconds, up to 30 days. */
export const Duration = z.string('a duration such as 60s, 20m or 4h').transform((text, context): number => {
  const [, count, unit] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  const ms = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? Number(count) * UNITS[unit] : NaN;
  if (ms <= LONGEST_MS) return ms;
  context.addIssue('a duration such as 60s, 20m or 4h, up to 30d');
  return z.NEVER;
});
