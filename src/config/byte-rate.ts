import { z } from 'zod';

const UNITS = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const EXPECTED = 'bytes per second such as 80MB/s or 1GB/s, at least 1MB/s';

/** `80MB/s`, `500kB/s` or plain bytes per second, as a number of bytes. */
export const ByteRate = z.string(EXPECTED).transform((text, context): number => {
  const [, count, unit = ''] = /^([0-9]{1,12}(?:\.[0-9]{1,3})?)([kMG]?)(?:B(?:\/s)?)?$/.exec(text) ?? [];
  const rate =
    unit === '' || unit === 'k' || unit === 'M' || unit === 'G' ? Number(count) * UNITS[unit] : NaN;
  if (rate >= UNITS.M) return Math.floor(rate);
  context.addIssue(EXPECTED);
  return z.NEVER;
});
