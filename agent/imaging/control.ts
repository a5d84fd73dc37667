/** Places in the shared cells. */
const NEXT_CHUNK = 0;
const WRITE_TURN = 1;
const WRITE_OFFSET = 2;
const STOPPED = 3;
const LIMITED = 4;
const BUDGET = 5;
const DONE = 6;
const WRITTEN = 7;
const SKIPPED = 8;
const BEGUN = 9;
const CELLS = 10;
/** A waiter looks again after this long, so that a lost wake-up costs little. */
const WAIT_MS = 100;

/**
 * What the threads that image one disk share: who takes which chunk, where it goes in the
 * file, how far they are, how fast they may be, and whether to stop. All in shared memory,
 * because the workers run synchronously and take no messages meanwhile.
 */
export class ImagingControl {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(CELLS * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#cells = new BigInt64Array(buffer);
  }

  /** The next chunk nobody has taken, when the rate allows it; undefined at the end or a stop. */
  take(total: number, bytesOf: (chunk: number) => number): number | undefined {
    while (!this.stopped && Atomics.load(this.#cells, LIMITED) === 1n) {
      const budget = Atomics.load(this.#cells, BUDGET);
      if (budget > 0n) break;
      Atomics.wait(this.#cells, BUDGET, budget, WAIT_MS);
    }
    if (this.stopped) return undefined;
    const chunk = Number(Atomics.add(this.#cells, NEXT_CHUNK, 1n));
    if (chunk >= total) return undefined;
    Atomics.sub(this.#cells, BUDGET, BigInt(bytesOf(chunk)));
    return chunk;
  }

  /** Where the chunk's `length` coded bytes go, once all chunks before it have their place. */
  place(chunk: number, length: number, wait: 'wait' | 'try'): number | undefined {
    for (;;) {
      const turn = Atomics.load(this.#cells, WRITE_TURN);
      if (turn === BigInt(chunk)) break;
      if (wait === 'try' || this.stopped) return undefined;
      Atomics.wait(this.#cells, WRITE_TURN, turn, WAIT_MS);
    }
    const offset = Atomics.add(this.#cells, WRITE_OFFSET, BigInt(length));
    Atomics.add(this.#cells, WRITE_TURN, 1n);
    Atomics.notify(this.#cells, WRITE_TURN);
    return Number(offset);
  }

  count(bytes: { done: number; written?: number; skipped?: number }): void {
    Atomics.add(this.#cells, DONE, BigInt(bytes.done));
    Atomics.add(this.#cells, WRITTEN, BigInt(bytes.written ?? 0));
    Atomics.add(this.#cells, SKIPPED, BigInt(bytes.skipped ?? 0));
  }

  get counted(): { done: number; written: number; skipped: number } {
    const read = (cell: number) => Number(Atomics.load(this.#cells, cell));
    return { done: read(DONE), written: read(WRITTEN), skipped: read(SKIPPED) };
  }

  /** Said before the first write to the disk. */
  beginWrites(): void {
    Atomics.store(this.#cells, BEGUN, 1n);
  }

  get writesBegun(): boolean {
    return Atomics.load(this.#cells, BEGUN) === 1n;
  }

  /** Size of the image file so far. */
  get placedBytes(): number {
    return Number(Atomics.load(this.#cells, WRITE_OFFSET));
  }

  stop(): void {
    Atomics.store(this.#cells, STOPPED, 1n);
    for (const cell of [WRITE_TURN, BUDGET]) Atomics.notify(this.#cells, cell);
  }

  get stopped(): boolean {
    return Atomics.load(this.#cells, STOPPED) === 1n;
  }

  /** @param limited false lets the threads run free, whatever the budget */
  limit(limited: boolean, addBytes: number, capBytes: number): void {
    if (limited) {
      const room = BigInt(Math.round(capBytes)) - Atomics.load(this.#cells, BUDGET);
      const add = BigInt(Math.round(addBytes));
      Atomics.add(this.#cells, BUDGET, add < room ? add : room > 0n ? room : 0n);
    } else Atomics.store(this.#cells, BUDGET, 0n);
    Atomics.store(this.#cells, LIMITED, limited ? 1n : 0n);
    Atomics.notify(this.#cells, BUDGET);
  }
}
