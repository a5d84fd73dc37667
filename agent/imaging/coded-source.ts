import type { ChunkEncoder } from './chunk-codec.ts';
import { FasterWay } from './faster-way.ts';
import type { KeptChunks } from './kept-chunks.ts';
import { StoredChunks, type StoredImage } from './stored-chunks.ts';
import type { ChunkOrigin, DamagedBefore } from './tasks.ts';

/** A chunk as the disk has it now. */
interface RawChunk {
  chunk: number;
  raw: Buffer;
  hash: Buffer;
  /** Could not be read in full. */
  bad: boolean;
}

/** How its coded bytes were come by. */
export interface Coded {
  codedLength: number;
  origin: ChunkOrigin;
  /** Where in the image they stand already; null where they don't. */
  standsAt: number | null;
}

interface Parts {
  coder: ChunkEncoder;
  kept: KeptChunks | null;
  previous: StoredImage | null;
  post: (message: DamagedBefore) => void;
}

/** Makes coded bytes of a chunk, or takes those that are there already. */
export class CodedSource {
  readonly #about: Parts;
  readonly #previous: StoredChunks | null;
  readonly #way = new FasterWay();

  constructor(about: Parts) {
    this.#about = about;
    this.#previous = about.previous === null ? null : new StoredChunks(about.previous);
  }

  code(what: RawChunk, into: Buffer): Coded {
    return this.#keep(what, into) ?? this.#take(what, into) ?? this.#make(what, into);
  }

  #make({ raw }: RawChunk, into: Buffer): Coded {
    const begun = performance.now();
    const codedLength = this.#about.coder.encode(raw, into);
    this.#way.learn('code', performance.now() - begun);
    return { codedLength, origin: 'coded', standsAt: null };
  }

  /** They are read though they stand where they belong: nobody knows what a power cut did to them. */
  #keep({ chunk, hash, bad }: RawChunk, into: Buffer): Coded | null {
    const { kept } = this.#about;
    const record = kept?.record(chunk) ?? null;
    if (kept === null || record === null) return null;
    if (record.hash.equals(hash) && record.bad === bad && kept.read(record, into))
      return { codedLength: record.length, origin: 'kept', standsAt: record.offset };
    kept.endAt(chunk);
    return null;
  }

  /** Null where there is nothing to take, or coding is faster. */
  #take({ chunk, hash, bad }: RawChunk, into: Buffer): Coded | null {
    const record = this.#previous?.record(chunk) ?? null;
    if (this.#previous === null || record === null || record.bad || bad) return null;
    if (!record.hash.equals(hash) || this.#way.choose() === 'code') return null;
    const begun = performance.now();
    const sound = this.#previous.read(record, into);
    this.#way.learn('take', performance.now() - begun);
    if (sound) return { codedLength: record.length, origin: 'taken', standsAt: null };
    this.#about.post({ kind: 'damaged-before', chunk });
    return null;
  }
}
