import { expect, it } from 'vitest';
import { backoffMs } from '../../src/chat/backoff.ts';

it('tries come at once, then after 1 s, 2 s … 30 s, less up to a quarter', () => {
  const slowest = [0, 1, 2, 3, 6, 7, 50].map((failures) => backoffMs(failures, 0));
  const quickest = [0, 1, 2, 3, 6, 7, 50].map((failures) => backoffMs(failures, 1));

  expect(slowest).toEqual([0, 1_000, 2_000, 4_000, 30_000, 30_000, 30_000]);
  expect(quickest).toEqual([0, 750, 1_500, 3_000, 22_500, 22_500, 22_500]);
});
