import { randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { differingPart } from '../../../agent/imaging/differing-part.ts';

const KIB = 1024;
const LENGTH = 300 * KIB + 512;
const wanted = randomFillSync(Buffer.alloc(LENGTH));

/** With another byte at each of these places. */
function changed(...places: number[]): Buffer {
  const present = Buffer.from(wanted);
  for (const place of places) present.writeUInt8(present.readUInt8(place) ^ 0x10, place);
  return present;
}

describe('the part of a chunk that differs', () => {
  it.each([
    ['the first byte', [0], 0, 64 * KIB],
    ['the last byte', [LENGTH - 1], 256 * KIB, LENGTH],
    ['both ends', [0, LENGTH - 1], 0, LENGTH],
    ['a byte amid it', [200 * KIB], 192 * KIB, 256 * KIB],
    ['the two sides of a boundary', [64 * KIB - 1, 64 * KIB], 0, 128 * KIB],
    ['two places with a gap', [70 * KIB, 200 * KIB], 64 * KIB, 256 * KIB],
  ])('for %s', (_name, places, begin, end) => {
    const { at, bytes } = differingPart(wanted, changed(...places));

    expect([at, at + bytes.length]).toEqual([begin, end]);
    expect(bytes).toEqual(wanted.subarray(begin, end));
  });

  it('is all of it where nothing differs: something has said that it does', () => {
    expect(differingPart(wanted, Buffer.from(wanted))).toEqual({ at: 0, bytes: wanted });
  });

  it('of a chunk shorter than a piece is the chunk', () => {
    const short = wanted.subarray(0, 512);
    expect(differingPart(short, Buffer.alloc(512))).toEqual({ at: 0, bytes: short });
  });
});
