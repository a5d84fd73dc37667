import type { Codec } from '../../src/contract/plan.ts';
import type { ChunkCodec } from './chunk-codec.ts';
import { openCodec } from './codec.ts';
import { WorkerMemory } from './memory.ts';

/** What a thread keeps from one task to the next: memory that is not taken anew for each chunk. */
export class Workshop {
  readonly #memory = new WorkerMemory();
  readonly #codecs = new Map<Codec, ChunkCodec>();
  readonly #buffers = new Map<string, Buffer>();

  codec(codec: Codec): ChunkCodec {
    let known = this.#codecs.get(codec);
    if (known === undefined) {
      known = openCodec(codec, this.#memory);
      this.#codecs.set(codec, known);
    }
    return known;
  }

  /** Begins at a page. The same name gives the same bytes, with what was left in them. */
  buffer(name: string, lengthBytes: number): Buffer {
    const known = this.#buffers.get(name);
    if (known !== undefined && known.length >= lengthBytes) return known.subarray(0, lengthBytes);
    const buffer = this.#memory.take(lengthBytes);
    this.#buffers.set(name, buffer);
    return buffer;
  }
}
