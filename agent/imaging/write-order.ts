/** Places in the shared cells. */
const TURN = 0;
const OFFSET = 1;
const CELLS = 2;
const BITS = 32;
/** A waiter looks again after this long, so that a lost wake-up costs little. */
const WAIT_MS = 100;

/**
 * Gives chunks their places in the image file, in their own order, though threads finish them in
 * any. Chunks of zeros need no thread that waits with them: they are marked, and whoever comes
 * by when their turn has come places a whole row of them.
 */
export class WriteOrder {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: BigInt64Array;
  readonly #zeros: Int32Array;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#cells = new BigInt64Array(buffer, 0, CELLS);
    this.#zeros = new Int32Array(buffer, CELLS * BigInt64Array.BYTES_PER_ELEMENT);
  }

  static make(chunks: number): WriteOrder {
    // One more, so that the bit behind the last chunk is there and never set.
    const words = Math.floor(chunks / BITS) + 1;
    const cells = CELLS * BigInt64Array.BYTES_PER_ELEMENT;
    return new WriteOrder(new SharedArrayBuffer(cells + words * Int32Array.BYTES_PER_ELEMENT));
  }

  static of(buffer: SharedArrayBuffer): WriteOrder {
    return new WriteOrder(buffer);
  }

  /** Where the chunk's coded bytes go; undefined while chunks before it have no place yet. */
  place(chunk: number, length: number): number | undefined {
    if (Atomics.load(this.#cells, TURN) !== BigInt(chunk)) return undefined;
    return this.#advance(chunk, 1, length);
  }

  /** Waits a while for a change that may bring the chunk's turn. */
  wait(chunk: number): void {
    const turn = Atomics.load(this.#cells, TURN);
    if (turn !== BigInt(chunk)) Atomics.wait(this.#cells, TURN, turn, WAIT_MS);
  }

  markZero(chunk: number): void {
    Atomics.or(this.#zeros, Math.floor(chunk / BITS), 1 << (chunk % BITS));
  }

  /**
   * A row of chunks of zeros whose turn has come, for the caller to write. After each place that
   * was given and each mark somebody must ask for them until there are none.
   */
  placeZeros(options: { length: number; most: number }): ZeroRow | undefined {
    for (;;) {
      const turn = Atomics.load(this.#cells, TURN);
      // Negative while another thread is placing a row; it will look for more.
      if (turn < 0n || !this.#isZero(Number(turn))) return undefined;
      if (Atomics.compareExchange(this.#cells, TURN, turn, -1n - turn) !== turn) continue;
      const first = Number(turn);
      let count = 1;
      while (count < options.most && this.#isZero(first + count)) count += 1;
      return { first, count, offset: this.#advance(first, count, options.length) };
    }
  }

  /** Size of the image file so far. */
  get placedBytes(): number {
    return Number(Atomics.load(this.#cells, OFFSET));
  }

  #advance(chunk: number, count: number, length: number): number {
    const offset = Atomics.add(this.#cells, OFFSET, BigInt(count * length));
    Atomics.store(this.#cells, TURN, BigInt(chunk + count));
    Atomics.notify(this.#cells, TURN);
    return Number(offset);
  }

  #isZero(chunk: number): boolean {
    const word = Math.floor(chunk / BITS);
    return word < this.#zeros.length && (Atomics.load(this.#zeros, word) & (1 << (chunk % BITS))) !== 0;
  }
}

export interface ZeroRow {
  first: number;
  count: number;
  offset: number;
}
