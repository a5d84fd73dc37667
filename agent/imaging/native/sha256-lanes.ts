import { readFileSync } from 'node:fs';
import type { WorkerMemory } from '../memory.ts';
import { addressOf, loadLibrary } from './foreign.ts';

const BLOCK_BYTES = 64;
/** Most lanes that one call takes, in units of four. */
const LANES_A_UNIT = 4;
const WORD_BYTES = 4;
/** Of the state: word by word, each for eight lanes. */
const WORDS = 8;
const ROW_BYTES = 8 * WORD_BYTES;
/** Of what says where a lane's blocks are: a pointer, and how many. */
const LANE_BYTES = 16;
const COUNT_AT = 8;
/** Begins the padding that ends every message, before the length in bits. */
const END_MARK = 0x80;
const LENGTH_AT = 56;
/** What SHA-256 starts from (FIPS 180-4, 5.3.3). */
const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const;

/** Hashes as many equally long pieces side by side as a core is good for. */
export interface LaneHash {
  readonly lanes: number;
  /** Whether these may be hashed together: at most `lanes`, of one length, a whole number of 64 bytes. */
  takes(pieces: readonly Buffer[]): boolean;
  /** @throws RangeError for pieces that it does not take */
  hash(pieces: readonly Buffer[]): Buffer[];
}

/**
 * SHA-256 of up to four pieces at a time, by the code that OpenSSL has for TLS and Node therefore
 * brings along. A core's SHA instructions wait for each other within one piece, but not those of
 * another; without them, the lanes are those of vector registers.
 *
 * @throws when this Node doesn't show it, or the processor lacks what all of that code is made of
 */
export function openSslLanes(memory: WorkerMemory, cpuInfo = readCpuInfo()): LaneHash {
  // OpenSSL itself asks for AES instructions, and thereby for these, before it calls the function;
  // a processor without them would end the process.
  if (!/^flags\s*:.*\bssse3\b/m.test(cpuInfo)) throw new Error('the processor has no SSSE3');
  const run = loadLibrary(null).func('void sha256_multi_block(void *, void *, int)');
  const state = memory.take(WORDS * ROW_BYTES);
  // As many as a call for eight would look at.
  const work = memory.take(2 * LANES_A_UNIT * LANE_BYTES);
  const padding = memory.take(BLOCK_BYTES);

  const go = (pieces: readonly Buffer[]) => {
    work.fill(0);
    pieces.forEach((piece, lane) => {
      work.writeBigUInt64LE(addressOf(piece), lane * LANE_BYTES);
      work.writeInt32LE(piece.length / BLOCK_BYTES, lane * LANE_BYTES + COUNT_AT);
    });
    run(state, work, 1);
  };

  const takes = (pieces: readonly Buffer[]) => {
    const length = pieces[0]?.length ?? 0;
    const fits = length % BLOCK_BYTES === 0 && pieces.every((piece) => piece.length === length);
    return fits && pieces.length <= LANES_A_UNIT;
  };

  return {
    lanes: LANES_A_UNIT,
    takes,
    hash(pieces) {
      if (!takes(pieces)) throw new RangeError('these pieces have no place side by side');
      const length = pieces[0]?.length ?? 0;
      START.forEach((word, row) => {
        for (const lane of pieces.keys()) state.writeUInt32LE(word, row * ROW_BYTES + lane * WORD_BYTES);
      });
      if (length > 0) go(pieces);
      padding.fill(0);
      padding[0] = END_MARK;
      padding.writeBigUInt64BE(BigInt(length) * 8n, LENGTH_AT);
      go(pieces.map(() => padding));
      return pieces.map((_, lane) => digestOf(state, lane));
    },
  };
}

function readCpuInfo(): string {
  return readFileSync('/proc/cpuinfo', 'utf8');
}

function digestOf(state: Buffer, lane: number): Buffer {
  const digest = Buffer.alloc(WORDS * WORD_BYTES);
  for (let row = 0; row < WORDS; row += 1) {
    const word = state.readUInt32LE(row * ROW_BYTES + lane * WORD_BYTES);
    digest.writeUInt32BE(word, row * WORD_BYTES);
  }
  return digest;
}
