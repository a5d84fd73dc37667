import { constants, createGunzip, createGzip } from 'node:zlib';
import type { ChunkDecoder, ChunkEncoder } from './chunk-codec.ts';

/**
 * Node's gzip without what its functions make anew for each chunk: a context, an output buffer and a
 * copy of it. What is used here is not documented, so it is looked at before it is used, and
 * tested as every other codec is.
 */

const MAKER = 'node:zlib';
const LEVEL = 1;

/** What a zlib stream calls Node's C++ with. */
interface Handle {
  reset(): void;
  writeSync(
    flush: number,
    ...room: [from: Buffer, at: number, length: number, into: Buffer, intoAt: number, intoLength: number]
  ): void;
  onerror: (message: string) => void;
}

/** Afterwards: room that is left in the output, and bytes that are left of the input. */
type State = Uint32Array;

/** @throws when this Node is made otherwise */
export function handleEncoder(): ChunkEncoder {
  const zlib = new ZlibHandle(createGzip({ level: LEVEL }));
  return {
    maker: MAKER,
    encode(raw, into) {
      zlib.begin();
      const { roomLeft } = zlib.run(raw, into);
      if (roomLeft === 0) throw new Error('the coded chunk does not fit');
      return into.length - roomLeft;
    },
  };
}

/** @throws when this Node is made otherwise */
export function handleDecoder(): ChunkDecoder {
  const zlib = new ZlibHandle(createGunzip());
  const spare = Buffer.alloc(1);
  return {
    maker: MAKER,
    decode(coded, into) {
      zlib.begin();
      if (into.length > 0) {
        const { roomLeft, inputLeft } = zlib.run(coded, into);
        if (roomLeft > 0) return into.length - roomLeft;
        coded = coded.subarray(coded.length - inputLeft);
      }
      // Full: whether it was all, and its end is there, shows with a little more room.
      if (zlib.run(coded, spare).roomLeft === 0) throw new RangeError('the chunk holds more than fits');
      return into.length;
    },
  };
}

class ZlibHandle {
  readonly #handle: Handle;
  readonly #state: State;
  #error: string | undefined;

  constructor(stream: object) {
    const handle = '_handle' in stream ? stream._handle : undefined;
    const state = '_writeState' in stream ? stream._writeState : undefined;
    if (!isHandle(handle) || !(state instanceof Uint32Array)) throw new Error('this Node has another zlib');
    this.#handle = handle;
    this.#state = state;
    handle.onerror = (message) => {
      this.#error = message;
    };
  }

  begin(): void {
    this.#error = undefined;
    this.#handle.reset();
  }

  run(from: Buffer, into: Buffer): { roomLeft: number; inputLeft: number } {
    this.#handle.writeSync(constants.Z_FINISH, from, 0, from.length, into, 0, into.length);
    if (this.#error !== undefined) throw new Error(this.#error);
    const [roomLeft = 0, inputLeft = 0] = this.#state;
    return { roomLeft, inputLeft };
  }
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'reset' in value && 'writeSync' in value;
}
