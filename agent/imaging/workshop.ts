import type { Codec } from '../../src/contract/plan.ts';
import type { ChunkCodec } from './chunk-codec.ts';
import { openCodec } from './codec.ts';
import { type Hasher, openHasher } from './hasher.ts';
import { WorkerMemory } from './memory.ts';
import { type Lane, LaneClock } from './side-by-side.ts';

/** What works in one lane of a thread takes its memory and codecs from. */
export interface LaneShop extends Lane {
  codec(codec: Codec): ChunkCodec;
  buffer(name: string, lengthBytes: number): Buffer;
}

/** What a thread keeps from one task to the next: memory that is not taken anew for each chunk. */
export class Workshop {
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

  /** Begins at a page. The same name gives the same bytes, with what was left in them. */
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

  /** As many as the hasher is good for. Each has buffers of its own, under the same names. */
  lanes(): LaneShop[] {
    return Array.from({ length: this.hasher.lanes }, (_, number) => ({
      number,
      clock: new LaneClock(),
      codec: (codec) => this.codec(codec),
      buffer: (name, lengthBytes) => this.buffer(`${name}, lane ${number}`, lengthBytes),
    }));
  }
}
