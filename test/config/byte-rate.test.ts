import { describe, expect, it } from 'vitest';
import { ByteRate } from '../../src/config/byte-rate.ts';

describe('a rate', () => {
  it.each([
    ['80MB/s', 80_000_000],
    ['80M', 80_000_000],
    ['1.5GB/s', 1_500_000_000],
    ['1000kB/s', 1_000_000],
    ['117000000', 117_000_000],
  ])('%j is %d bytes a second', (text, rate) => {
    expect(ByteRate.parse(text)).toBe(rate);
  });

  it.each(['', 'fast', '80 MB/s', '-1MB/s', '999kB/s', '0', '80mb/s', '80Mbit/s', '1e9'])(
    'is not %j: expected is said',
    (text) => {
      const parsed = ByteRate.safeParse(text);

      expect(parsed.error?.issues[0]?.message).toBe(
        'bytes per second such as 80MB/s or 1GB/s, at least 1MB/s',
      );
    },
  );
});
