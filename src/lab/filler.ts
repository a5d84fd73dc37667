/**
 * Bytes that look like a system's files to a compressor: each 4 KiB block is half noise and
 * half prose, and no two blocks are equal. Any stretch can be made again from seed and offset.
 */
export function fillerBytes(seed: number, offset: number, length: number): Uint8Array {
  const first = Math.floor(offset / BLOCK_BYTES);
  const last = Math.ceil((offset + length) / BLOCK_BYTES);
  const blocks = Buffer.alloc((last - first) * BLOCK_BYTES);
  for (let block = first; block < last; block += 1) {
    const at = (block - first) * BLOCK_BYTES;
    noise(seed ^ Math.imul(block + 1, 0x9e3779b1), blocks.subarray(at, at + BLOCK_BYTES / 2));
    PROSE.copy(blocks, at + BLOCK_BYTES / 2);
  }
  const skip = offset - first * BLOCK_BYTES;
  return blocks.subarray(skip, skip + length);
}

/** Fills the buffer, a multiple of four bytes long, with a xorshift32 sequence. */
export function noise(seed: number, target: Buffer): void {
  let state = seed | 1;
  for (let at = 0; at < target.length; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    target.writeInt32LE(state | 0, at);
  }
}

const BLOCK_BYTES = 4096;
const PROSE = Buffer.alloc(
  BLOCK_BYTES / 2,
  'A testbox that was reinstalled by hand is a testbox that differs from its neighbours. ',
);
