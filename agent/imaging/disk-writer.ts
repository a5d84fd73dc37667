import type { HashBytes } from '../../src/contract/chunk-hash.ts';
import { errorCode, Failure } from '../failure.ts';
import type { Approach, ApproachChunk, ApproachModel } from './approach.ts';
import type { ChunkKind, Work } from './approach-cells.ts';
import type { BlockDevice } from './block-device.ts';
import type { ImagingControl } from './control.ts';
import { onDisk } from './device.ts';
import { differingPart } from './differing-part.ts';
import type { Workshop } from './workshop.ts';

const LOOK_BYTES = 64 * 1024;

/** A chunk as it shall be on the disk. */
export interface WantedChunk {
  number: number;
  position: number;
  length: number;
  /** Of its bytes; null when they are all zero. */
  hash: Buffer | null;
  /** Its bytes, proved; asked for only when they are needed, and valid until the next chunk's. */
  bytes: () => Buffer;
}

/** Brings chunks onto a disk: looks where that pays, writes what differs, reads it back, and counts. */
export class DiskWriter {
  readonly #device: BlockDevice;
  readonly #control: ImagingControl;
  readonly #model: ApproachModel;
  readonly #elapsedNs: () => number;
  readonly #hashOf: HashBytes;
  readonly #zeros: Buffer;
  readonly #present: Buffer;

  /** @param elapsedNs a steady clock */
  constructor(options: {
    device: BlockDevice;
    control: ImagingControl;
    model: ApproachModel;
    workshop: Pick<Workshop, 'buffer'>;
    /** As the wanted chunks are hashed. */
    hashOf: HashBytes;
    chunkSizeBytes: number;
    elapsedNs?: () => number;
  }) {
    this.#device = options.device;
    this.#control = options.control;
    this.#model = options.model;
    this.#hashOf = options.hashOf;
    this.#elapsedNs = options.elapsedNs ?? (() => Number(process.hrtime.bigint()));
    this.#zeros = options.workshop.buffer('zeros', options.chunkSizeBytes);
    this.#present = options.workshop.buffer('present chunk', options.chunkSizeBytes);
  }

  /** @throws Failure when the disk does not keep what is written */
  put(wanted: WantedChunk): void {
    // Zeros past the end of a smaller disk need no place: the preflight allowed only those.
    const lengthBytes = Math.min(wanted.length, Math.max(0, this.#device.sizeBytes - wanted.position));
    if (lengthBytes === 0) this.#skip(wanted);
    else {
      const since = this.#elapsedNs();
      const cost = this.#putPart(wanted, lengthBytes);
      this.#control.spend(cost, (this.#elapsedNs() - since) / 1e6);
    }
  }

  /** Says whether it cost work, or next to none. */
  #putPart(wanted: WantedChunk, lengthBytes: number): 'heavy' | 'light' {
    const kind = wanted.hash === null ? 'zero' : 'data';
    const chunk: ApproachChunk = { number: wanted.number, lengthBytes, kind };
    const approach = this.#model.choose(chunk);
    const present = approach === 'compare' ? this.#compare(wanted, chunk) : null;
    if (present === 'as wanted') {
      this.#skip(wanted);
      return 'light';
    }
    const bytes =
      kind === 'zero'
        ? this.#zeros.subarray(0, lengthBytes)
        : this.#timed('fetch', lengthBytes, wanted.bytes);
    if (approach === 'look' && this.#looks(bytes, wanted.position, chunk)) {
      this.#skip(wanted);
      return 'light';
    }
    // What is made zero is best made so as a whole.
    const part = present === null || kind === 'zero' ? { at: 0, bytes } : differingPart(bytes, present);
    this.#control.beginWrites();
    const zeroed = this.#bring(part.bytes, wanted.position + part.at, kind);
    this.#model.wrote(lengthBytes, { approach, zeroed });
    this.#model.spared(lengthBytes - part.bytes.length);
    const written = zeroed ? 0 : part.bytes.length;
    this.#control.count({ done: wanted.length, written, skipped: wanted.length - written });
    return zeroed ? 'light' : 'heavy';
  }

  #skip(chunk: WantedChunk): void {
    this.#control.count({ done: chunk.length, skipped: chunk.length });
  }

  /** Whether the disk holds the chunk, by its hash; else what it holds instead, null where it didn't say. */
  #compare(wanted: WantedChunk, chunk: ApproachChunk): 'as wanted' | Buffer | null {
    const { lengthBytes } = chunk;
    const since = this.#elapsedNs();
    try {
      const { present, equal } = this.#timed('compare', lengthBytes, () => {
        const read = this.#read(lengthBytes, wanted.position);
        return { present: read, equal: read.length === lengthBytes && this.#isWanted(read, wanted) };
      });
      if (this.#found(chunk, { equal, by: 'compare', since })) return 'as wanted';
      return present.length === lengthBytes ? present : null;
    } catch (error) {
      this.#couldNotTell(chunk, error);
      return null;
    }
  }

  /** Whether the disk holds these bytes. */
  #looks(bytes: Buffer, position: number, chunk: ApproachChunk): boolean {
    const since = this.#elapsedNs();
    try {
      const equal = this.#isHole(bytes, position, chunk.kind) || this.#isThere(bytes, position);
      return this.#found(chunk, { equal, by: 'look', since });
    } catch (error) {
      return this.#couldNotTell(chunk, error);
    }
  }

  #found(chunk: ApproachChunk, what: { equal: boolean; by: Approach; since: number }): boolean {
    const { equal, by, since } = what;
    this.#model.found(chunk, { equal, by, ns: this.#elapsedNs() - since });
    return equal;
  }

  /** Then it counts as other, and will be written. */
  #couldNotTell(chunk: ApproachChunk, error: unknown): false {
    if (errorCode(error) === undefined) throw error;
    this.#model.failed(chunk);
    return false;
  }

  #isWanted(present: Buffer, wanted: WantedChunk): boolean {
    // Far cheaper than a hash, and settles it for the empty parts of a new disk.
    const empty = present.equals(this.#zeros.subarray(0, present.length));
    if (wanted.hash === null || empty) return wanted.hash === null && empty;
    return this.#hashOf(present).equals(wanted.hash);
  }

  /** The beginning tells of most chunks that they are others; the rest then need not be read. */
  #isThere(bytes: Buffer, position: number): boolean {
    const begins = bytes.subarray(0, LOOK_BYTES);
    if (!this.#timed('look', begins.length, () => this.#read(begins.length, position).equals(begins)))
      return false;
    const rest = bytes.subarray(begins.length);
    return (
      rest.length === 0 ||
      this.#timed('look-on', rest.length, () =>
        this.#read(rest.length, position + begins.length).equals(rest),
      )
    );
  }

  /** Brings it there and reads it back, a second time if need be. True when no zeros had to be sent. */
  #bring(bytes: Buffer, position: number, kind: ChunkKind): boolean {
    const zeroed = kind === 'zero' && this.#makeZero(bytes.length, position);
    if (!zeroed) this.#write(bytes, position, kind);
    if (zeroed && this.#isHole(bytes, position, kind)) return true;
    if (this.#isKept(bytes, position, 'once more')) return zeroed;
    this.#model.rewrote(bytes.length);
    this.#write(bytes, position, kind);
    if (this.#isKept(bytes, position, 'last')) return false;
    throw new Failure({
      class: 'box',
      code: 'disk-write-failed',
      message: `the disk does not hold what was written to it at byte ${position}, twice`,
    });
  }

  /** What is not even there need not be read. */
  #isHole(bytes: Buffer, position: number, kind: ChunkKind): boolean {
    return kind === 'zero' && this.#device.isHole(position, bytes.length);
  }

  #write(bytes: Buffer, position: number, kind: ChunkKind): void {
    const work = kind === 'zero' ? 'zero' : 'write';
    onDisk(`writing the disk at byte ${position}`, () =>
      this.#timed(work, bytes.length, () => this.#device.write(bytes, position)),
    );
  }

  #makeZero(length: number, position: number): boolean {
    const since = this.#elapsedNs();
    const made = onDisk(`making the disk zero at byte ${position}`, () =>
      this.#device.zero(position, length),
    );
    if (made) this.#model.spent('zero', length, this.#elapsedNs() - since);
    return made;
  }

  /** Writing again may cure what can't be read; after the last time it is the disk's failure. */
  #isKept(bytes: Buffer, position: number, then: 'once more' | 'last'): boolean {
    try {
      return this.#timed('read-back', bytes.length, () => this.#read(bytes.length, position).equals(bytes));
    } catch (error) {
      if (then === 'once more' && errorCode(error) !== undefined) return false;
      return onDisk(`reading back the disk at byte ${position}`, () => {
        throw error;
      });
    }
  }

  #read(length: number, position: number): Buffer {
    const into = this.#present.subarray(0, length);
    return into.subarray(0, this.#device.read(into, position));
  }

  #timed<T>(work: Work, lengthBytes: number, operation: () => T): T {
    const since = this.#elapsedNs();
    const result = operation();
    this.#model.spent(work, lengthBytes, this.#elapsedNs() - since);
    return result;
  }
}
