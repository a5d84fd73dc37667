/** What a thread does on the disk or the share, as far as its time is learned. */
const WORKS = [
  /** Reading a chunk of the disk and judging it by its hash. */
  'compare',
  /** Reading the beginning of a chunk of the disk; a look, not bytes, is what it costs by. */
  'look',
  /** Reading the rest of a chunk whose beginning was the same. */
  'look-on',
  /** Reading a chunk of the image, unpacking it and proving its hash. */
  'fetch',
  'write',
  /** Making a chunk zero. */
  'zero',
  'read-back',
] as const;
export type Work = (typeof WORKS)[number];

const COUNTERS = [
  'workNs',
  'wastedNs',
  'savedNs',
  'looks',
  'comparedBytes',
  'equalBytes',
  'blindBytes',
  'zeroedBytes',
  'rewrittenBytes',
  'avoidedRegions',
  'onlyWrite',
  /** How many more chunks may be others before comparing all of them ends; 0 when it has. */
  'comparesLeft',
] as const;
type Counter = (typeof COUNTERS)[number];

/** Older times count less: beyond this many bytes both sums are halved. */
const MEMORY_BYTES = 512 * 1024 * 1024;
const REGION_CELLS = 5;
const AVOIDED = 4;
const LONG_BYTES = BigInt64Array.BYTES_PER_ELEMENT;
const COUNTERS_AT = WORKS.length * 2;
const RECENT_AT = COUNTERS_AT + COUNTERS.length;
const LONGS = RECENT_AT + 2;

/** Kinds of chunks whose equality has nothing to do with each other's. */
export type ChunkKind = 'data' | 'zero';

/** The memory that the threads of one deploy learn into: sums of times, and what each region held. */
export class ApproachCells {
  readonly buffer: SharedArrayBuffer;
  readonly #longs: BigInt64Array;
  readonly #regions: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#longs = new BigInt64Array(buffer, 0, LONGS);
    this.#regions = new Int32Array(buffer, LONGS * LONG_BYTES);
  }

  static make(regions: number): ApproachCells {
    const regionBytes = Math.max(1, regions) * REGION_CELLS * Int32Array.BYTES_PER_ELEMENT;
    return new ApproachCells(new SharedArrayBuffer(LONGS * LONG_BYTES + regionBytes));
  }

  /** @param amount bytes; for a look, 1 */
  addTime(work: Work, amount: number, ns: number): void {
    const at = WORKS.indexOf(work) * 2;
    Atomics.add(this.#longs, at, BigInt(Math.round(ns)));
    const total = Atomics.add(this.#longs, at + 1, BigInt(amount)) + BigInt(amount);
    if (total <= MEMORY_BYTES) return;
    for (const cell of [at, at + 1]) Atomics.sub(this.#longs, cell, Atomics.load(this.#longs, cell) / 2n);
  }

  /** Nanoseconds for one byte (for a look, of one); undefined while nothing is known. */
  rate(work: Work): number | undefined {
    const at = WORKS.indexOf(work) * 2;
    const amount = Number(Atomics.load(this.#longs, at + 1));
    return amount <= 0 ? undefined : Number(Atomics.load(this.#longs, at)) / amount;
  }

  count(counter: Counter, amount: number): void {
    Atomics.add(this.#longs, COUNTERS_AT + COUNTERS.indexOf(counter), BigInt(Math.round(amount)));
  }

  set(counter: Counter, amount: number): void {
    Atomics.store(this.#longs, COUNTERS_AT + COUNTERS.indexOf(counter), BigInt(amount));
  }

  counted(counter: Counter): number {
    return Number(Atomics.load(this.#longs, COUNTERS_AT + COUNTERS.indexOf(counter)));
  }

  /** Share of equal chunks among the last ones, in millionths; two threads at once may lose one. */
  recent(kind: ChunkKind): bigint {
    return Atomics.load(this.#longs, recentAt(kind));
  }

  setRecent(kind: ChunkKind, millionths: bigint): void {
    Atomics.store(this.#longs, recentAt(kind), millionths);
  }

  seen(region: number, kind: ChunkKind): { looked: number; equal: number } {
    const at = this.#regionAt(region, kind);
    return { looked: Atomics.load(this.#regions, at), equal: Atomics.load(this.#regions, at + 1) };
  }

  addSeen(region: number, kind: ChunkKind, equal: boolean): void {
    const at = this.#regionAt(region, kind);
    Atomics.add(this.#regions, at, 1);
    if (equal) Atomics.add(this.#regions, at + 1, 1);
  }

  /** True when it was not avoided before. */
  avoid(region: number): boolean {
    return Atomics.exchange(this.#regions, this.#regionAt(region) + AVOIDED, 1) === 0;
  }

  isAvoided(region: number): boolean {
    return Atomics.load(this.#regions, this.#regionAt(region) + AVOIDED) === 1;
  }

  #regionAt(region: number, kind: ChunkKind = 'data'): number {
    return region * REGION_CELLS + (kind === 'zero' ? 2 : 0);
  }
}

function recentAt(kind: ChunkKind): number {
  return RECENT_AT + (kind === 'zero' ? 1 : 0);
}
