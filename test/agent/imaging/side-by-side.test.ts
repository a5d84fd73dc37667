import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Hasher } from '../../../agent/imaging/hasher.ts';
import {
  byItself,
  type Hashing,
  type Lane,
  LaneClock,
  sha256,
  sideBySide,
} from '../../../agent/imaging/side-by-side.ts';

const bytesOf = (text: string) => Buffer.from(text);
const sumOf = (text: string) => hash('sha256', text);

/** Two lanes on a clock that only work and hashing move. */
function bed() {
  const now = { ns: 0 };
  const together: number[] = [];
  const hasher: Hasher = {
    lanes: 2,
    hash(pieces) {
      together.push(pieces.length);
      now.ns += 100;
      return pieces.map((piece) => hash('sha256', piece, 'buffer'));
    },
  };
  const lanes: Lane[] = [0, 1].map(() => ({ clock: new LaneClock(() => now.ns) }));
  return { now, together, hasher, lanes };
}

describe('works side by side', () => {
  it('have their hashes, as many at a time as there are lanes', () => {
    const { hasher, lanes, together } = bed();
    const found: string[] = [];
    let number = 0;
    sideBySide(hasher, lanes, (lane) => {
      number += 1;
      return number > 5 ? undefined : work(`${number}`, lane);
    });
    expect(found).toEqual(['1', '2', '3', '4', '5']);
    expect(together).toEqual([2, 2, 1]);

    function* work(text: string, _lane: Lane): Hashing<void> {
      const sum = yield* sha256(bytesOf(text));
      expect(sum.toString('hex')).toBe(sumOf(text));
      found.push(text);
    }
  });

  it('go on oldest first, though some need no hash and some need several', () => {
    const { hasher, lanes, together } = bed();
    const needs = [1, 0, 3, 0, 0, 1, 2, 0];
    const begun: number[] = [];
    const steps: string[] = [];
    sideBySide(hasher, lanes, () => {
      const number = begun.length;
      const count = needs[number];
      if (count === undefined) return undefined;
      begun.push(number);
      return work(number, count);
    });
    expect(steps).toEqual([
      '1 ends',
      '0.1',
      '0 ends',
      '2.1',
      '3 ends',
      '4 ends',
      '2.2',
      '5.1',
      '5 ends',
      '2.3',
      '2 ends',
      '6.1',
      '7 ends',
      '6.2',
      '6 ends',
    ]);
    expect(together).toEqual([2, 2, 2, 1]);

    function* work(number: number, count: number): Hashing<void> {
      for (let step = 1; step <= count; step += 1) {
        yield* sha256(bytesOf(`${number}`));
        steps.push(`${number}.${step}`);
      }
      steps.push(`${number} ends`);
    }
  });

  it('have a clock that stands while another works, and their part of the hashing', () => {
    const { hasher, lanes, now } = bed();
    const spent: number[] = [];
    const costs = [10, 40];
    sideBySide(hasher, lanes, ({ clock }) => {
      const cost = costs.shift();
      return cost === undefined ? undefined : work(cost, clock);
    });
    expect(spent).toEqual([10 + 50 + 10, 40 + 50 + 40]);

    function* work(cost: number, clock: LaneClock): Hashing<void> {
      now.ns += cost;
      yield* sha256(bytesOf(''));
      now.ns += cost;
      spent.push(clock.elapsedNs);
    }
  });

  it('end at the first failure', () => {
    const { hasher, lanes } = bed();
    let begun = 0;
    const run = () =>
      sideBySide(hasher, lanes, () => {
        begun += 1;
        return work(begun);
      });
    expect(run).toThrow('number 3');
    expect(begun).toBe(4);

    function* work(number: number): Hashing<void> {
      yield* sha256(bytesOf(''));
      if (number === 3) throw new Error('number 3');
    }
  });
});

it('work by itself has its hashes one by one', () => {
  const { hasher, together } = bed();
  expect(byItself(hasher, work())).toBe(sumOf(sumOf('x')));
  expect(together).toEqual([1, 1]);

  function* work(): Hashing<string> {
    const first = yield* sha256(bytesOf('x'));
    return (yield* sha256(bytesOf(first.toString('hex')))).toString('hex');
  }
});
