/** Places in the shared cells. */
const NEXT_CHUNK = 0;
const STOPPED = 1;
const LIMITED = 2;
const BUDGET = 3;
const DONE = 4;
const WRITTEN = 5;
const SKIPPED = 6;
const BEGUN = 7;
const HEAVY_TIME = 8;
const LIGHT_TIME = 9;
const READING_TIME = 10;
const CELLS = 11;
const TIME_CELLS = { heavy: HEAVY_TIME, light: LIGHT_TIME, reading: READING_TIME } as const;
const MICROSECONDS = 1_000;
/** A waiter looks again after this long, so that a lost wake-up costs little. */
const WAIT_MS = 100;

/** How far imaging is, in bytes, and where the threads' time went. */
export interface Counted {
  done: number;
  written: number;
  /** Of those done: zeros, or equal already. */
  skipped: number;
  heavyMs: number;
  lightMs: number;
  readingMs: number;
}

/**
 * What the threads that image one disk share: who takes which chunk, how far they are, how
 * fast they may be, and whether to stop. All in shared memory, because the workers run
 * synchronously and take no messages meanwhile.
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

  count(bytes: { done: number; written?: number; skipped?: number }): void {
    Atomics.add(this.#cells, DONE, BigInt(bytes.done));
    Atomics.add(this.#cells, WRITTEN, BigInt(bytes.written ?? 0));
    Atomics.add(this.#cells, SKIPPED, BigInt(bytes.skipped ?? 0));
  }

  /**
   * Says what a thread's time went into: chunks that cost work or next to none. Of what goes into
   * the former, reading the disk is told once more.
   */
  spend(on: 'heavy' | 'light' | 'reading', milliseconds: number): void {
    Atomics.add(this.#cells, TIME_CELLS[on], BigInt(Math.round(milliseconds * MICROSECONDS)));
  }

  get counted(): Counted {
    const read = (cell: number) => Number(Atomics.load(this.#cells, cell));
    const time = (cell: number) => read(cell) / MICROSECONDS;
    return {
      done: read(DONE),
      written: read(WRITTEN),
      skipped: read(SKIPPED),
      heavyMs: time(HEAVY_TIME),
      lightMs: time(LIGHT_TIME),
      readingMs: time(READING_TIME),
    };
  }

  /** Said before the first write to the disk. */
  beginWrites(): void {
    Atomics.store(this.#cells, BEGUN, 1n);
  }

  get writesBegun(): boolean {
    return Atomics.load(this.#cells, BEGUN) === 1n;
  }

  stop(): void {
    Atomics.store(this.#cells, STOPPED, 1n);
    Atomics.notify(this.#cells, BUDGET);
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
