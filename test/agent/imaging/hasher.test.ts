import { hash, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fastestHash, hasherOf } from '../../../agent/imaging/hasher.ts';
import { nativeBlake3 } from '../../../agent/imaging/native/blake3.ts';

/** Of no bytes at all, as BLAKE3's own test vectors have it. */
const EMPTY = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262';
/** Around the ends of blocks, of chunks of its tree, and of its subtrees. */
const LENGTHS = [0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 3073, 16_384, 31_744, 102_400, 1024 ** 2 + 7];

const native = nativeBlake3();
const random = (length: number) => randomFillSync(Buffer.alloc(length));

describe('BLAKE3', () => {
  it.each([
    ['in machine code', hasherOf('blake3', native)],
    ['in JavaScript', hasherOf('blake3', null)],
  ])('%s hashes as its vectors say', (_name, hashOf) => {
    expect(hashOf(Buffer.alloc(0)).toString('hex')).toBe(EMPTY);
  });

  it.each(LENGTHS)('is the same in machine code and in JavaScript, for %i bytes', (length) => {
    expect(native).not.toBeNull();
    const bytes = random(length);
    expect(hasherOf('blake3', native)(bytes)).toEqual(hasherOf('blake3', null)(bytes));
  });

  it('hashes a part of a larger piece of memory', () => {
    const bytes = random(10_000);
    expect(hasherOf('blake3')(bytes.subarray(100, 9000))).toEqual(
      hasherOf('blake3', null)(Buffer.from(bytes.subarray(100, 9000))),
    );
  });
});

describe('a new image', () => {
  it('is hashed by BLAKE3', () => {
    expect(fastestHash()).toBe('blake3');
  });

  it('is hashed by SHA-256 where BLAKE3 would be slow', () => {
    expect(fastestHash(null)).toBe('sha256');
    const bytes = random(1000);
    expect(hasherOf('sha256', null)(bytes)).toEqual(hash('sha256', bytes, 'buffer'));
  });
});
