import { hash, randomFillSync } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Hasher, openHasher } from '../../../agent/imaging/hasher.ts';
import { WorkerMemory } from '../../../agent/imaging/memory.ts';
import { type LaneHash, openSslLanes } from '../../../agent/imaging/native/sha256-lanes.ts';

const random = (length: number) => randomFillSync(Buffer.alloc(length));
const right = (pieces: readonly Buffer[]) => pieces.map((piece) => hash('sha256', piece));
const hex = (hashes: readonly Buffer[]) => hashes.map((digest) => digest.toString('hex'));

afterEach(() => vi.unstubAllEnvs());

/** A machine on which so many pieces together take so long, and one by itself takes 100. */
function machine(
  nsOf: Readonly<Record<number, number>>,
  lanes = (pieces: readonly Buffer[]) => truly(pieces),
) {
  let now = 0;
  return {
    nowNs: () => now,
    oneByOne: (pieces: readonly Buffer[]) => {
      now += 100 * pieces.length;
      return truly(pieces);
    },
    lanes: (): LaneHash => ({
      lanes: 4,
      takes: (pieces) => pieces.length <= 4,
      hash(pieces) {
        now += nsOf[pieces.length] ?? 100 * pieces.length;
        return lanes(pieces);
      },
    }),
  };
}

const truly = (pieces: readonly Buffer[]) => pieces.map((piece) => hash('sha256', piece, 'buffer'));

describe('the lanes in Node’s OpenSSL', () => {
  const lanes = openSslLanes(new WorkerMemory());

  it.each([1, 2, 3, 4])('have the SHA-256 of %i pieces', (count) => {
    for (const blocks of [0, 1, 2, 63, 1024]) {
      const pieces = Array.from({ length: count }, () => random(blocks * 64));
      expect(hex(lanes.hash(pieces))).toEqual(right(pieces));
    }
  });

  it('are left alone where the processor would not know their instructions', () => {
    const old = 'processor\t: 0\nflags\t\t: fpu sse sse2 pni sse4a lm\nbugs\t\t: ssse3\n';
    expect(() => openSslLanes(new WorkerMemory(), old)).toThrow('no SSSE3');
    expect(openSslLanes(new WorkerMemory(), old.replace('pni', 'pni ssse3')).lanes).toBe(4);
  });

  it('give hashes that stay as they are', () => {
    const first = random(640);
    const digests = lanes.hash([first, random(640)]);
    lanes.hash([random(640), random(640)]);
    expect(hex(digests.slice(0, 1))).toEqual(right([first]));
  });

  it.each([
    ['of other lengths', [random(64), random(128)]],
    ['that end within a block', [random(100), random(100)]],
    ['that are too many', Array.from({ length: 5 }, () => random(64))],
  ])('refuse pieces %s', (_name, pieces) => {
    expect(() => lanes.hash(pieces)).toThrow(RangeError);
  });
});

describe('a hasher', () => {
  const hashers: [string, () => Hasher][] = [
    ['of this machine', () => openHasher(new WorkerMemory())],
    ['with lanes', () => openHasher(new WorkerMemory(), machine({ 2: 120 }))],
    [
      'without any',
      () =>
        openHasher(new WorkerMemory(), {
          ...machine({}),
          lanes: () => {
            throw new Error('no such function');
          },
        }),
    ],
  ];
  it.each(hashers)('%s hashes whatever it is given', (_name, open) => {
    const hasher = open();
    for (const pieces of [
      [],
      [random(64)],
      [random(4096), random(4096)],
      [random(4096), random(100)],
      [random(77), random(77)],
      Array.from({ length: 9 }, () => random(128)),
    ])
      expect(hex(hasher.hash(pieces))).toEqual(right(pieces));
  });

  it.each([
    ['two, where four are no faster', { 2: 120, 4: 240 }, 2],
    ['four, where they are', { 2: 180, 4: 200 }, 4],
    ['one, where more take turns only', { 2: 190, 4: 380 }, 1],
  ])('takes as many lanes as pay: %s', (_name, nsOf, lanes) => {
    expect(openHasher(new WorkerMemory(), machine(nsOf)).lanes).toBe(lanes);
  });

  it('does not take what other programs do for slowness of its own', () => {
    let call = 0;
    const { oneByOne, lanes, nowNs } = machine({ 2: 120, 4: 240 });
    // Undisturbed is every fifth call, whichever way it takes.
    const disturbedNs = () => nowNs() + 1000 * Math.ceil(call - call / 5);
    const counted = <T>(work: () => T) => {
      call += 1;
      return work();
    };
    const parts = {
      oneByOne: (pieces: readonly Buffer[]) => counted(() => oneByOne(pieces)),
      lanes: () => {
        const own = lanes();
        return { ...own, hash: (pieces: readonly Buffer[]) => counted(() => own.hash(pieces)) };
      },
      nowNs: disturbedNs,
    };
    expect(openHasher(new WorkerMemory(), parts).lanes).toBe(2);
  });

  it('takes no lanes that hash otherwise', () => {
    const wrong = (pieces: readonly Buffer[]) =>
      truly(pieces).map((digest, at) => (at === 3 ? Buffer.alloc(32) : digest));
    const hasher = openHasher(new WorkerMemory(), machine({ 2: 10, 4: 10 }, wrong));
    expect(hasher.lanes).toBe(1);
    const pieces = Array.from({ length: 4 }, () => random(64));
    expect(hex(hasher.hash(pieces))).toEqual(right(pieces));
  });

  it('leaves them alone where native code is switched off', () => {
    vi.stubEnv('TESTBOX_NATIVE_CODECS', 'off');
    expect(openHasher(new WorkerMemory(), machine({ 2: 10 })).lanes).toBe(1);
  });
});
