import type { Hasher } from './hasher.ts';

/** Work that gives bytes away whenever it needs their SHA-256, and goes on with it. */
export type Hashing<T> = Generator<Buffer, T, Buffer>;

/** For `yield*`: the SHA-256 of the bytes, which must stay as they are until it is there. */
export function* sha256(bytes: Buffer): Hashing<Buffer> {
  return yield bytes;
}

/** Work that has its bytes already, and asks for nothing. */
// biome-ignore lint/correctness/useYield: it stands where others ask
export function* here(bytes: Buffer): Hashing<Buffer> {
  return bytes;
}

/** A place for work that shares its thread with others: it has a clock that stands while they work. */
export interface Lane {
  readonly clock: LaneClock;
}

/** Counts the time that one lane took of its thread. */
export class LaneClock {
  /** Goes on whoever works. */
  readonly nowNs: () => number;
  #spentNs = 0;
  #sinceNs: number | null = null;

  /** @param nowNs a steady clock */
  constructor(nowNs: () => number = () => Number(process.hrtime.bigint())) {
    this.nowNs = nowNs;
  }

  get elapsedNs(): number {
    return this.#spentNs + (this.#sinceNs === null ? 0 : this.nowNs() - this.#sinceNs);
  }

  run<T>(work: () => T): T {
    this.#sinceNs = this.nowNs();
    try {
      return work();
    } finally {
      this.#spentNs = this.elapsedNs;
      this.#sinceNs = null;
    }
  }

  add(ns: number): void {
    this.#spentNs += ns;
  }
}

/**
 * Does the works of one thread so that as many of them as is best for the hasher wait for a hash at
 * the same time. Of those that were begun, the oldest always goes on first.
 *
 * @param lanes at most as many as the hasher's
 * @param next begins the next work in the lane; undefined when there is none
 */
export function sideBySide<L extends Lane>(
  hasher: Hasher,
  lanes: readonly L[],
  next: (lane: L) => Hashing<void> | undefined,
): void {
  const free = [...lanes];
  let waiting: Waiting<L>[] = [];
  let isMore = true;
  for (;;) {
    for (let lane = free[0]; isMore && lane !== undefined; lane = free[0]) {
      const { clock } = lane;
      const work = clock.run(() => next(lane));
      isMore = work !== undefined;
      const first = work === undefined ? undefined : clock.run(() => work.next());
      if (work === undefined || first === undefined || first.done === true) continue;
      free.shift();
      waiting.push({ lane, work, bytes: first.value });
    }
    if (waiting.length === 0) return;
    const hashes = hashAll(hasher, waiting);
    waiting = waiting.filter((one, at) => {
      const hash = hashes[at];
      if (hash === undefined) throw new Error('a hash is missing');
      const step = one.lane.clock.run(() => one.work.next(hash));
      if (step.done === true) free.push(one.lane);
      else one.bytes = step.value;
      return step.done !== true;
    });
  }
}

interface Waiting<L extends Lane> {
  lane: L;
  work: Hashing<void>;
  bytes: Buffer;
}

/** Each of them is told its part of the time. */
function hashAll(hasher: Hasher, waiting: readonly Waiting<Lane>[]): Buffer[] {
  const watch = new LaneClock(waiting[0]?.lane.clock.nowNs);
  const hashes = watch.run(() => hasher.hash(waiting.map(({ bytes }) => bytes)));
  for (const { lane } of waiting) lane.clock.add(watch.elapsedNs / waiting.length);
  return hashes;
}

/** Does one work by itself. */
export function byItself<T>(hasher: Hasher, work: Hashing<T>): T {
  for (let step = work.next(); ; ) {
    if (step.done === true) return step.value;
    const [hash] = hasher.hash([step.value]);
    if (hash === undefined) throw new Error('a hash is missing');
    step = work.next(hash);
  }
}
