import type { Codec } from '../../src/contract/plan.ts';
import type { ChunkCodec } from './chunk-codec.ts';
import { openCodec } from './codec.ts';
import { type Hasher, openHasher } from './hasher.ts';
import { WorkerMemory } from './memory.ts';
import { type Lane, LaneClock } from './side-by-side.ts';

/** Where memory and codecs come from. */
export interface Supplies {
  codec(codec: Codec): ChunkCodec;
  /** Begins at a page. The same name gives the same bytes, with what was left in them. */
  buffer(name: string, lengthBytes: number): Buffer;
}

/** A lane of a thread, with what is used in it. */
export interface LaneShop extends Lane, Supplies {}

/** What a thread keeps from one task to the next: memory that is not taken anew for each chunk. */
export class Workshop implements Supplies {
  readonly #memory = new WorkerMemory();
  readonly #codecs = new Map<Codec, ChunkCodec>();
  readonly #buffers = new Map<string, Buffer>();
  #hasher: Hasher | undefined;

  codec(codec: Codec): ChunkCodec {
    let known = this.#codecs.get(codec);
    if (known === undefined) {
      known = openCodec(codec, this.#memory);
      this.#codecs.set(codec, known);
    }
    return known;
  }

  buffer(name: string, lengthBytes: number): Buffer {
    const known = this.#buffers.get(name);
    if (known !== undefined && known.length >= lengthBytes) return known.subarray(0, lengthBytes);
    const buffer = this.#memory.take(lengthBytes);
    this.#buffers.set(name, buffer);
    return buffer;
  }

  get hasher(): Hasher {
    this.#hasher ??= openHasher(this.#memory);
    return this.#hasher;
  }

  /**
   * As many as the hasher is good for. Each has buffers of its own, under the same names.
   *
   * @param most where more would be too much of the whole work
   */
  lanes(most = Number.POSITIVE_INFINITY): LaneShop[] {
    return Array.from({ length: Math.min(this.hasher.lanes, most) }, (_, number) => ({
      clock: new LaneClock(),
      codec: (codec) => this.codec(codec),
      buffer: (name, lengthBytes) => this.buffer(`${name}, lane ${number}`, lengthBytes),
    }));
  }
}
