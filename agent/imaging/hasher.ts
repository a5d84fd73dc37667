import { hash, randomFillSync } from 'node:crypto';
import type { WorkerMemory } from './memory.ts';
import { type LaneHash, openSslLanes } from './native/sha256-lanes.ts';

/** `off` keeps to what Node documents; the same switch as the codecs'. */
const SWITCH = 'TESTBOX_NATIVE_CODECS';
const BLOCK_BYTES = 64;
const TEST_BYTES = [0, BLOCK_BYTES, 37 * BLOCK_BYTES] as const;
/** So many that what JavaScript does around them, slowly while it is new, hardly counts. */
const TIMED_BYTES = 128 * 1024;
const TIMES = 8;
/** Lanes cost memory, a chunk's buffers each: they have to be worth it. */
const WORTH_IT = 1.15;

/** SHA-256 of several pieces; side by side where that is faster. It belongs to one thread. */
export interface Hasher {
  /** So many pieces at a time are best. */
  readonly lanes: number;
  hash(pieces: readonly Buffer[]): Buffer[];
}

interface Parts {
  lanes: (memory: WorkerMemory) => LaneHash;
  oneByOne: Hasher['hash'];
  /** A steady clock. */
  nowNs: () => number;
}

const REAL: Parts = {
  lanes: (memory) => openSslLanes(memory),
  oneByOne: (pieces) => pieces.map((piece) => hash('sha256', piece, 'buffer')),
  nowNs: () => Number(process.hrtime.bigint()),
};

/** As many lanes as are fastest on this machine, measured within some milliseconds. */
export function openHasher(memory: WorkerMemory, parts: Parts = REAL): Hasher {
  const oneByOne: Hasher = { lanes: 1, hash: parts.oneByOne };
  if (process.env[SWITCH] === 'off') return oneByOne;
  try {
    const lanes = parts.lanes(memory);
    test(lanes);
    const count = fastest(lanes, parts);
    return count === 1 ? oneByOne : sideBySide(lanes, count, oneByOne);
  } catch {
    return oneByOne;
  }
}

/** @throws when its hashes are others */
function test(lanes: LaneHash): void {
  for (const length of TEST_BYTES) {
    for (let count = 1; count <= lanes.lanes; count += 1) {
      const pieces = Array.from({ length: count }, () => randomFillSync(Buffer.alloc(length)));
      const hashes = lanes.hash(pieces);
      const right = REAL.oneByOne(pieces).every((digest, at) => hashes[at]?.equals(digest));
      if (!right) throw new Error('it hashes otherwise');
    }
  }
}

/** Of several times, the shortest counts: what made the others longer was another program. */
function fastest(lanes: LaneHash, { oneByOne, nowNs }: Parts): number {
  const piece = Buffer.alloc(TIMED_BYTES);
  const ways = [{ count: 1, hash: oneByOne, ns: Number.POSITIVE_INFINITY }];
  for (let count = 2; count <= lanes.lanes; count *= 2) {
    ways.push({ count, hash: (pieces) => lanes.hash(pieces), ns: Number.POSITIVE_INFINITY });
  }
  // In turn, so that another program does not slow all the times of one of them.
  for (let time = 0; time < TIMES; time += 1) {
    for (const way of ways) {
      const pieces = Array.from({ length: way.count }, () => piece);
      const begun = nowNs();
      way.hash(pieces);
      way.ns = Math.min(way.ns, (nowNs() - begun) / way.count);
    }
  }
  return ways.reduce((best, way) => (way.ns * WORTH_IT < best.ns ? way : best)).count;
}

/** @param lanes at most as many as its own */
function sideBySide(own: LaneHash, lanes: number, oneByOne: Hasher): Hasher {
  return {
    lanes,
    hash: (pieces) => (pieces.length > 1 && own.takes(pieces) ? own.hash(pieces) : oneByOne.hash(pieces)),
  };
}
