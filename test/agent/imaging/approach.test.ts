import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApproachModel } from '../../../agent/imaging/approach.ts';
import {
  bestMs,
  CHUNK_BYTES,
  HARD_DISK,
  repeat,
  runTrace,
  SLOW_NETWORK,
  SLOW_READER,
  SSD,
  type TraceChunk,
} from './approach-bed.ts';

const MACHINES = { SSD, HARD_DISK, SLOW_READER, SLOW_NETWORK };
const CHUNKS = 2_000;

const unrelated = repeat(CHUNKS, () => ({ kind: 'data', equal: false }));
/** Half of the image is zeros, which a blank disk has already. */
const blank = repeat(CHUNKS, (number) =>
  number % 12 < 6 ? { kind: 'data', equal: false } : { kind: 'zero', equal: true },
);
/** One percent of the bytes, spread so that they touch 4 % of the chunks. */
const onePercent = repeat(CHUNKS, (number) => ({
  kind: number % 12 < 6 ? 'data' : 'zero',
  equal: number % 25 !== 0,
}));
/** Files that stayed and files that are new, 400 MB of each in turn. */
const alternating = repeat(CHUNKS, (number) => ({ kind: 'data', equal: Math.floor(number / 100) % 2 === 0 }));

describe.each(Object.entries(MACHINES))('on %s', (_name, costs) => {
  it('costs at most 5 % over writing blindly where all is other', () => {
    const { ms, writeOnlyMs } = runTrace(costs, unrelated);

    expect(ms).toBeLessThanOrEqual(1.05 * writeOnlyMs);
  });

  it('costs at most 5 % over writing blindly on a blank disk', () => {
    const { ms, writeOnlyMs } = runTrace(costs, blank);

    expect(ms).toBeLessThanOrEqual(1.05 * writeOnlyMs);
  });

  it('is within 15 % of one that knew, with 1 % changed', () => {
    const { ms } = runTrace(costs, onePercent);

    expect(ms).toBeLessThanOrEqual(1.15 * bestMs(costs, onePercent));
  });

  it('is within 15 % of one that knew, where equal and other regions take turns', () => {
    const { ms } = runTrace(costs, alternating);

    expect(ms).toBeLessThanOrEqual(1.15 * bestMs(costs, alternating));
  });
});

it('is never much slower than writing blindly, whatever the machine and the disk', () => {
  const cost = (max: number) => fc.double({ min: 0.5, max, noNaN: true });
  const machine = fc.record({
    compare: cost(60),
    look: cost(10),
    fetch: cost(60),
    write: cost(60),
    zero: cost(60),
    readBack: cost(60),
  });
  const run = fc.record({
    length: fc.integer({ min: 1, max: 200 }),
    kind: fc.constantFrom('data' as const, 'zero' as const),
    equal: fc.boolean(),
  });
  const property = fc.property(machine, fc.array(run, { minLength: 20, maxLength: 40 }), (costs, runs) => {
    // Something was written, so that all works' times are known.
    const first = { length: 1, kind: 'data', equal: false } as const;
    const trace = [first, ...runs].flatMap(({ length, kind, equal }) =>
      repeat(length, () => ({ kind, equal })),
    );
    const { ms, writeOnlyMs } = runTrace(costs, trace);
    // A region that turns out to be another costs a few comparisons.
    const turns = 3 * costs.compare * runs.length + 30 * costs.look;
    expect(ms).toBeLessThanOrEqual(1.05 * writeOnlyMs + turns);
  });
  fc.assert(property, { numRuns: 100, endOnFailure: true });
});

it('says what it did and what that saved', () => {
  const { model, ms, writeOnlyMs } = runTrace(SSD, onePercent);
  const { outcome } = model;

  // One chunk of zeros is made zero unasked, to learn what that takes.
  expect(outcome.blindBytes).toBe(CHUNK_BYTES);
  expect(outcome.comparedBytes).toBe((CHUNKS - 1) * CHUNK_BYTES);
  expect(outcome.equalBytes).toBe((0.96 * CHUNKS - 1) * CHUNK_BYTES);
  // Before its first write it doesn't know what writing takes, and so what was saved until then.
  expect(outcome.savedMs).toBeGreaterThan(0.9 * (writeOnlyMs - ms));
  expect(outcome.savedMs).toBeLessThan(1.1 * (writeOnlyMs - ms));
});

it('comes back to comparing when the disk turns out to be equal further on', () => {
  const trace: TraceChunk[] = [
    ...repeat(500, () => ({ kind: 'data', equal: false }) as const),
    ...repeat(500, () => ({ kind: 'data', equal: true }) as const),
  ];

  const { chosen } = runTrace(SSD, trace);

  expect(chosen.slice(100, 500)).not.toContain('compare');
  expect(chosen.slice(520).filter((approach) => approach !== 'compare')).toEqual([]);
});

describe.each(Object.entries(MACHINES))('a deploy that goes on, on %s', (_name, costs) => {
  /** What the disk's own memory lost may lie anywhere in it. */
  const brought = repeat(400, (number) => ({
    kind: number % 10 === 9 ? 'zero' : 'data',
    equal: number % 100 < 60,
  }));
  const trace = [...brought, ...unrelated];

  it('looks at all that an interrupted one has brought', () => {
    const { chosen } = runTrace(costs, trace, { resumed: true });

    expect(chosen.slice(0, 400)).not.toContain('write');
    expect(
      chosen.filter((approach, at) => approach !== 'compare' && trace[at]?.kind === 'data').length,
    ).toBeGreaterThan(0.8 * CHUNKS);
  });

  it('costs little more than writing where nothing was brought', () => {
    const { chosen } = runTrace(costs, unrelated, { resumed: true });

    expect(chosen.slice(0, 64).every((approach) => approach === 'compare')).toBe(true);
    expect(chosen.slice(64)).not.toContain('compare');
  });
});

it('a deploy that goes on gives a region up, too, that can not be read', () => {
  const model = ApproachModel.forChunks(100, { resumed: true });
  model.failed({ number: 20, lengthBytes: CHUNK_BYTES, kind: 'data' });

  const approaches = [15, 16, 31, 32].map((number) =>
    model.choose({ number, lengthBytes: CHUNK_BYTES, kind: number < 20 ? 'zero' : 'data' }),
  );

  expect(approaches).toEqual(['look', 'write', 'write', 'compare']);
});

it('does not look at all after a trim', () => {
  const model = ApproachModel.forChunks(100);
  model.onlyWrite();

  const approaches = (['data', 'zero'] as const).map((kind) =>
    model.choose({ number: 7, lengthBytes: CHUNK_BYTES, kind }),
  );

  expect(approaches).toEqual(['write', 'write']);
});

describe('a region in which comparing failed', () => {
  const at = (number: number) => ({ number, lengthBytes: CHUNK_BYTES, kind: 'data' as const });

  it('is written without comparing, the ones beside it are compared', () => {
    const model = ApproachModel.forChunks(100);
    model.failed(at(20));
    model.failed(at(21));

    expect([15, 16, 31, 32].map((number) => model.choose(at(number)))).toEqual([
      'compare',
      'write',
      'write',
      'compare',
    ]);
    expect(model.outcome.avoidedRegions).toBe(1);
  });

  it('is also one with a chunk that took longer than 10 s', () => {
    const model = ApproachModel.forChunks(100);
    model.found(at(20), { equal: true, by: 'compare', ns: 10e9 });
    model.found(at(40), { equal: true, by: 'compare', ns: 10e9 + 1 });

    expect([20, 40].map((number) => model.choose(at(number)))).toEqual(['compare', 'write']);
  });
});

it('is learned by all threads together', () => {
  const model = ApproachModel.forChunks(100);
  const other = ApproachModel.shared(model.buffer);

  other.onlyWrite();

  expect(model.choose({ number: 1, lengthBytes: CHUNK_BYTES, kind: 'data' })).toBe('write');
});
