import { expect, it } from 'vitest';
import { FasterWay, type Way } from '../../../agent/imaging/faster-way.ts';

/** How often each way was gone in so many choices. */
function choices(takes: (way: Way, choice: number) => number, count: number): Record<Way, number> {
  const ways = new FasterWay();
  const gone = { take: 0, code: 0 };
  for (let choice = 0; choice < count; choice += 1) {
    const way = ways.choose();
    gone[way] += 1;
    ways.learn(way, takes(way, choice));
  }
  return gone;
}

it('takes over while that is faster, and hardly ever tries the slower way', () => {
  const { code } = choices((way) => (way === 'take' ? 2 : 8), 10_000);

  expect(code).toBeGreaterThan(10);
  expect(code * 8).toBeLessThan(0.05 * 10_000 * 2);
});

it('codes anew where the way to the share is slower, and costs little by trying', () => {
  const { take } = choices((way) => (way === 'take' ? 80 : 8), 10_000);

  expect(take * 80).toBeLessThan(0.08 * 10_000 * 8);
});

it('goes back to taking over once that is faster again', () => {
  const { take } = choices((way, choice) => (way === 'code' ? 8 : choice < 1_000 ? 16 : 1), 10_000);

  expect(take).toBeGreaterThan(8_000);
});
