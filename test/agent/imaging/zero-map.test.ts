import { describe, expect, it } from 'vitest';
import { ZeroMap } from '../../../agent/imaging/zero-map.ts';

const MIB = 1024 ** 2;
const CHUNK = 4 * MIB;

describe('ZeroMap', () => {
  it.each([[1000 * CHUNK], [5000 * CHUNK + 512], [3 * CHUNK + 512], [512]])(
    'tells the zeros behind any chunk of a disk of %i bytes',
    (sizeBytes) => {
      const map = new ZeroMap(sizeBytes);
      const chunks = Array.from({ length: Math.ceil(sizeBytes / CHUNK) }, (_none, chunk) => ({
        at: chunk * CHUNK,
        length: Math.min(CHUNK, sizeBytes - chunk * CHUNK),
        zero: chunk % 7 < 3,
      }));
      for (const { at, length, zero } of chunks) if (zero) map.add(at, length);
      const lightAfter = map.lightAfter();

      let left = chunks.reduce((sum, { zero, length }) => sum + (zero ? length : 0), 0);
      for (const { at, length, zero } of chunks) {
        // Within one part of the disk it knows only the share.
        expect(Math.abs((lightAfter(at) ?? 0) - left)).toBeLessThanOrEqual(sizeBytes / 1024 + 1);
        if (zero) left -= length;
      }
      expect(lightAfter(sizeBytes)).toBe(0);
    },
  );
});
