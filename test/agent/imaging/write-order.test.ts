import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WriteOrder } from '../../../agent/imaging/write-order.ts';

const row = { length: 3, most: 4 };

it('chunks get their places in the file in their own order, whoever is first', () => {
  const order = WriteOrder.make(2);

  expect(order.place(1, 10)).toBeUndefined();
  expect(order.place(0, 7)).toBe(0);
  expect(order.place(1, 10)).toBe(7);
  expect(order.placedBytes).toBe(17);
});

it('chunks of zeros are placed in rows, when their turn has come', () => {
  const order = WriteOrder.make(9);
  for (const chunk of [1, 2, 3, 4, 5, 7]) order.markZero(chunk);

  expect(order.placeZeros(row)).toBeUndefined();
  expect(order.place(0, 10)).toBe(0);
  expect(order.placeZeros(row)).toEqual({ first: 1, count: 4, offset: 10 });
  expect(order.placeZeros(row)).toEqual({ first: 5, count: 1, offset: 22 });
  expect(order.placeZeros(row)).toBeUndefined();
  expect(order.place(6, 5)).toBe(25);
  expect(order.placeZeros(row)).toEqual({ first: 7, count: 1, offset: 30 });
});

it('a disk that is all zeros ends with its last chunk', () => {
  for (const chunks of [1, 31, 32, 33, 64]) {
    const order = WriteOrder.make(chunks);
    for (let chunk = 0; chunk < chunks; chunk += 1) order.markZero(chunk);

    const placed = order.placeZeros({ length: 1, most: 100 });

    expect(placed).toEqual({ first: 0, count: chunks, offset: 0 });
    expect(order.placeZeros(row)).toBeUndefined();
  }
});

it('leaves no hole and no chunk behind, in whatever order chunks come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }).chain((zeros) =>
        fc.record({
          zeros: fc.constant(zeros),
          order: fc.shuffledSubarray(
            zeros.map((_zero, chunk) => chunk),
            { minLength: zeros.length },
          ),
        }),
      ),
      (disk) => {
        const writes = WriteOrder.make(disk.zeros.length);
        const places = new Map<number, number>();
        const waiting = new Set<number>();
        for (const chunk of disk.order) {
          if (disk.zeros[chunk]) writes.markZero(chunk);
          else waiting.add(chunk);
          for (let moved = true; moved; ) {
            moved = false;
            for (let zeros = writes.placeZeros(row); zeros !== undefined; zeros = writes.placeZeros(row)) {
              for (let at = 0; at < zeros.count; at += 1) {
                places.set(zeros.first + at, zeros.offset + at * row.length);
              }
            }
            for (const other of waiting) {
              const offset = writes.place(other, 7);
              if (offset === undefined) continue;
              places.set(other, offset);
              waiting.delete(other);
              moved = true;
            }
          }
        }
        let at = 0;
        const expected = disk.zeros.map((zero) => {
          const before = at;
          at += zero ? row.length : 7;
          return before;
        });
        expect(disk.zeros.map((_zero, chunk) => places.get(chunk))).toEqual(expected);
      },
    ),
  );
});
