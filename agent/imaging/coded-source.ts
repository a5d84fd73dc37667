import type { ChunkEncoder } from './chunk-codec.ts';
import { FasterWay } from './faster-way.ts';
import { StoredChunks, type StoredImage } from './stored-chunks.ts';
import type { ChunkOrigin, DamagedBefore } from './tasks.ts';

/** Makes coded bytes of a chunk, or takes those that are there already. */
export class CodedSource {
  readonly #about: {
    coder: ChunkEncoder;
    post: (message: DamagedBefore) => void;
  };
  readonly #previous: StoredChunks | null;
  readonly #way = new FasterWay();

  constructor(about: {
    coder: ChunkEncoder;
    previous: StoredImage | null;
    post: (message: DamagedBefore) => void;
  }) {
    this.#about = about;
    this.#previous = about.previous === null ? null : new StoredChunks(about.previous);
  }

  code(
    what: { chunk: number; raw: Buffer; sha256: Buffer },
    into: Buffer,
  ): { codedLength: number; origin: ChunkOrigin } {
    const takenLength = this.#take(what, into);
    if (takenLength !== null) return { codedLength: takenLength, origin: 'taken' };
    const begun = performance.now();
    const codedLength = this.#about.coder.encode(what.raw, into);
    this.#way.learn('code', performance.now() - begun);
    return { codedLength, origin: 'coded' };
  }

  /** Null where there is nothing to take, or coding is faster. */
  #take({ chunk, sha256 }: { chunk: number; sha256: Buffer }, into: Buffer): number | null {
    const record = this.#previous?.record(chunk) ?? null;
    if (this.#previous === null || record === null || record.bad) return null;
    if (!record.sha256.equals(sha256) || this.#way.choose() === 'code') return null;
    const begun = performance.now();
    const sound = this.#previous.read(record, into);
    this.#way.learn('take', performance.now() - begun);
    if (sound) return record.length;
    this.#about.post({ kind: 'damaged-before', chunk });
    return null;
  }
}
