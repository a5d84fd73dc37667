import { ApproachCells, type ChunkKind, type Work } from './approach-cells.ts';

/** Chunks that lie together and are judged together: what was equal once in it likely is again. */
const REGION_CHUNKS = 16;
/** Looks that are always taken: few enough to cost nothing on a disk of any size. */
const FREE_LOOKS = 24;
/** Looks without a promise may take this part of all time, well below the 5 % they are allowed. */
const LOOKING_PART = 0.03;
/** A comparison that takes longer tells of a disk in trouble; its region is written without another. */
const SLOW_NS = 10_000_000_000;
/** How far one chunk moves what is expected of the next. */
const RECENT_STEPS = 4n;
const WHOLE = 1_000_000n;
/**
 * An interrupted deploy has brought all chunks up to some place, but for what a disk's own memory
 * lost. After this many others in a row that place lies behind.
 */
const OTHERS_BEHIND_THE_PLACE = 64;

/**
 * What to do about a chunk before it is written.
 *
 * `compare`: read and hash what the disk holds, and fetch the chunk only if it is another.
 * `look`: fetch it, read the beginning of what the disk holds, and the rest if that is the same.
 * `write`: write it.
 */
export type Approach = 'compare' | 'look' | 'write';

export interface ApproachChunk {
  number: number;
  lengthBytes: number;
  kind: ChunkKind;
}

/** How a deploy went about it, in bytes of the disk. */
export interface ApproachOutcome {
  /** Looked at before anything was written there; of these `equalBytes` were the same already. */
  comparedBytes: number;
  equalBytes: number;
  /** Written without a look. */
  blindBytes: number;
  /** Made zero by the device or the file system, without sending zeros. */
  zeroedBytes: number;
  /** Written twice, as the first time did not last. */
  rewrittenBytes: number;
  /** Places where comparing failed or was slow. */
  avoidedRegions: number;
  /** Time of one thread that comparing saved; less than zero when it cost more. */
  savedMs: number;
}

/**
 * Learns while a deploy runs whether reading the disk first pays: from the share of chunks that
 * were equal near by, and from what reading, fetching, writing and reading back have taken. It
 * has no clock; who works tells it the times. All threads of a deploy share one by its cells.
 */
export class ApproachModel {
  readonly #cells: ApproachCells;

  constructor(cells: ApproachCells) {
    this.#cells = cells;
  }

  /** @param resumed the disk holds the beginning of what an interrupted deploy of the same image wrote */
  static forChunks(chunks: number, { resumed = false } = {}): ApproachModel {
    const model = new ApproachModel(ApproachCells.make(Math.ceil(chunks / REGION_CHUNKS)));
    for (const kind of ['data', 'zero'] as const) model.#cells.setRecent(kind, WHOLE / 2n);
    if (resumed) model.#cells.set('comparesLeft', OTHERS_BEHIND_THE_PLACE);
    return model;
  }

  static shared(buffer: SharedArrayBuffer): ApproachModel {
    return new ApproachModel(new ApproachCells(buffer));
  }

  get buffer(): SharedArrayBuffer {
    return this.#cells.buffer;
  }

  /** The disk holds nothing that could be equal, or its zeros can't be trusted. */
  onlyWrite(): void {
    this.#cells.count('onlyWrite', 1);
  }

  choose(chunk: ApproachChunk): Approach {
    if (this.#cells.counted('onlyWrite') > 0 || this.#cells.isAvoided(regionOf(chunk))) return 'write';
    if (this.#cells.counted('comparesLeft') > 0) return chunk.kind === 'zero' ? 'look' : 'compare';
    return chunk.kind === 'zero' ? this.#chooseForZeros(chunk) : this.#chooseForData(chunk);
  }

  /** @param lengthBytes of what was worked on; a look counts as one whatever it is */
  spent(work: Work, lengthBytes: number, ns: number): void {
    this.#cells.addTime(work, work === 'look' ? 1 : lengthBytes, ns);
    this.#cells.count('workNs', ns);
  }

  /**
   * What a comparison or a look found.
   *
   * @param ns that it took
   */
  found(chunk: ApproachChunk, found: { equal: boolean; by: Approach; ns: number }): void {
    const { equal, by, ns } = found;
    const { lengthBytes, kind } = chunk;
    this.#cells.addSeen(regionOf(chunk), kind, equal);
    const recent = this.#cells.recent(kind);
    this.#cells.setRecent(kind, recent + ((equal ? WHOLE : 0n) - recent) / RECENT_STEPS);
    this.#cells.count('looks', 1);
    this.#cells.count('comparedBytes', lengthBytes);
    if (ns > SLOW_NS) this.failed(chunk);
    this.#learnThePlace(kind, equal);
    if (equal) this.#cells.count('equalBytes', lengthBytes);
    const saved = (equal ? lengthBytes * this.#avoidedRate(kind, by) : 0) - ns;
    this.#cells.count('savedNs', saved);
    if (by === 'look' && saved < 0) this.#cells.count('wastedNs', -saved);
  }

  /** The disk could not be read there, or far too slowly. */
  failed(chunk: ApproachChunk): void {
    if (this.#cells.avoid(regionOf(chunk))) this.#cells.count('avoidedRegions', 1);
  }

  wrote(lengthBytes: number, how: { approach: Approach; zeroed: boolean }): void {
    if (how.approach === 'write') this.#cells.count('blindBytes', lengthBytes);
    if (how.zeroed) this.#cells.count('zeroedBytes', lengthBytes);
  }

  /** Of a chunk that was other, the comparison left so much to stay. */
  spared(lengthBytes: number): void {
    this.#cells.count('savedNs', lengthBytes * this.#avoidedRate('data', 'look'));
  }

  rewrote(lengthBytes: number): void {
    this.#cells.count('rewrittenBytes', lengthBytes);
  }

  get outcome(): ApproachOutcome {
    const counted = (counter: Parameters<ApproachCells['counted']>[0]) => this.#cells.counted(counter);
    return {
      comparedBytes: counted('comparedBytes'),
      equalBytes: counted('equalBytes'),
      blindBytes: counted('blindBytes'),
      zeroedBytes: counted('zeroedBytes'),
      rewrittenBytes: counted('rewrittenBytes'),
      avoidedRegions: counted('avoidedRegions'),
      savedMs: Math.round(counted('savedNs') / 1e6),
    };
  }

  /** Zeros tell nothing of it: they may have been there before. */
  #learnThePlace(kind: ChunkKind, equal: boolean): void {
    if (kind === 'zero' || this.#cells.counted('comparesLeft') <= 0) return;
    if (equal) this.#cells.set('comparesLeft', OTHERS_BEHIND_THE_PLACE);
    else this.#cells.count('comparesLeft', -1);
  }

  #chooseForData(chunk: ApproachChunk): Approach {
    const [compare, fetch, write, readBack] = (['compare', 'fetch', 'write', 'read-back'] as const).map(
      (work) => this.#cells.rate(work),
    );
    // Until something was fetched and written, all has been equal.
    if (compare === undefined || fetch === undefined || write === undefined || readBack === undefined)
      return 'compare';
    const { lengthBytes } = chunk;
    const lookOn = this.#cells.rate('look-on') ?? readBack;
    const look = this.#cells.rate('look') ?? 0;
    const comparing = (equal: number) => lengthBytes * (equal * (fetch + write + readBack) - compare);
    const looking = (equal: number) => lengthBytes * equal * (write + readBack - lookOn) - look;
    const share = this.#equalShare(chunk);
    if (comparing(share) > 0 && comparing(share) >= looking(share)) return 'compare';
    const couldPay = comparing(1) > 0 || looking(1) > 0;
    return looking(share) > 0 || (couldPay && this.#mayExplore()) ? 'look' : 'write';
  }

  /** A zero chunk is fetched by nobody: to look at it is to compare it. */
  #chooseForZeros(chunk: ApproachChunk): Approach {
    const [zero, readBack, look] = (['zero', 'read-back', 'look'] as const).map((work) =>
      this.#cells.rate(work),
    );
    if (readBack === undefined || look === undefined) return 'look';
    // On a blank disk nothing has to be made zero; doing it once tells whether looking is cheaper.
    if (zero === undefined) return this.#cells.counted('looks') < FREE_LOOKS ? 'look' : 'write';
    const lookOn = this.#cells.rate('look-on') ?? readBack;
    const looking = (equal: number) => chunk.lengthBytes * equal * (zero + readBack - lookOn) - look;
    const pays = looking(this.#equalShare(chunk)) > 0;
    return pays || (looking(1) > 0 && this.#mayExplore()) ? 'look' : 'write';
  }

  /** What the region held so far, and before that what the chunks before it were. */
  #equalShare(chunk: ApproachChunk): number {
    const { looked, equal } = this.#cells.seen(regionOf(chunk), chunk.kind);
    return (equal + Number(this.#cells.recent(chunk.kind)) / Number(WHOLE)) / (looked + 1);
  }

  #mayExplore(): boolean {
    if (this.#cells.counted('looks') < FREE_LOOKS) return true;
    return this.#cells.counted('wastedNs') <= LOOKING_PART * this.#cells.counted('workNs');
  }

  /** What an equal chunk did not cost, per byte, as far as that is known. */
  #avoidedRate(kind: ChunkKind, by: Approach): number {
    const rate = (work: Work) => this.#cells.rate(work) ?? 0;
    if (kind === 'zero') return rate('zero') + rate('read-back');
    return (by === 'compare' ? rate('fetch') : 0) + rate('write') + rate('read-back');
  }
}

function regionOf(chunk: ApproachChunk): number {
  return Math.floor(chunk.number / REGION_CHUNKS);
}
