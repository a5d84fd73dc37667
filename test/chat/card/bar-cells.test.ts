import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barCells } from '../../../src/chat/card/bar-cells.ts';

describe("a bar's cells", () => {
  it.each([
    [0, 0],
    [0.5, 6],
    [0.999, 11],
    [1, 12],
    [1.5, 12],
    [-1, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 12],
  ])('of %d: %d of 12 are done', (fraction, done) => {
    expect(barCells(fraction)).toEqual({ done: '█'.repeat(done), toDo: '░'.repeat(12 - done) });
  });

  it('are never all done before the disk is', () => {
    fc.assert(
      fc.property(fc.double({ max: 1, maxExcluded: true }), (fraction) => {
        const { done, toDo } = barCells(fraction);

        expect(done.length + toDo.length).toBe(12);
        expect(toDo).not.toBe('');
      }),
    );
  });
});
