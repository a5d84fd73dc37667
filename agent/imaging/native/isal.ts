import { readFileSync } from 'node:fs';
import type { ChunkDecoder, ChunkEncoder } from '../chunk-codec.ts';
import type { WorkerMemory } from '../memory.ts';
import { addressOf, loadLibrary } from './foreign.ts';

const LIBRARY = 'libisal.so.2';
/** The oldest whose structures are known; those after it keep them while the name stays. */
const OLDEST_MINOR = 30;

/** Room for `isal_zstream` and `inflate_state`, which are 82 and 88 KiB. */
const STATE_BYTES = 256 * 1024;
/** Of `isal_zstream`. */
const STREAM = {
  nextIn: 0,
  availIn: 8,
  nextOut: 16,
  availOut: 24,
  totalOut: 28,
  level: 40,
  levelBufferSize: 44,
  levelBuffer: 48,
  endOfStream: 56,
  gzipFlag: 60,
} as const;
/** Of `inflate_state`. */
const INFLATE = { nextOut: 0, availOut: 8, totalOut: 12, nextIn: 16, availIn: 32 } as const;

/**
 * Level 2 costs a twentieth more time than level 1 and saves 2 %: only so is an image no more
 * than 3 % larger than `gzip -1` makes it. A buffer for 64 Ki tokens; smaller ones are slower.
 */
const LEVEL = 2;
const LEVEL_BUFFER_BYTES = 4 * 1024 + 2 * 32 * 1024 + 4 * 64 * 1024;
const WITH_GZIP_FRAME = 1;

/** @throws when the library isn't there, or another than is known */
export function isalEncoder(memory: WorkerMemory): ChunkEncoder {
  const library = loadLibrary(LIBRARY);
  const maker = `ISA-L ${checkedVersion()}`;
  const init = library.func('void isal_deflate_stateless_init(void *)');
  const deflate = library.func('int isal_deflate_stateless(void *)');
  const state = memory.take(STATE_BYTES);
  const levelBuffer = memory.take(LEVEL_BUFFER_BYTES);
  return {
    maker,
    encode(raw, into) {
      init(state);
      state.writeBigUInt64LE(addressOf(raw), STREAM.nextIn);
      state.writeUInt32LE(raw.length, STREAM.availIn);
      state.writeBigUInt64LE(addressOf(into), STREAM.nextOut);
      state.writeUInt32LE(into.length, STREAM.availOut);
      state.writeUInt32LE(LEVEL, STREAM.level);
      state.writeUInt32LE(levelBuffer.length, STREAM.levelBufferSize);
      state.writeBigUInt64LE(addressOf(levelBuffer), STREAM.levelBuffer);
      state.writeUInt16LE(1, STREAM.endOfStream);
      state.writeUInt16LE(WITH_GZIP_FRAME, STREAM.gzipFlag);
      const status = deflate(state);
      if (status !== 0) throw new Error(`ISA-L can't code the chunk (${String(status)})`);
      return state.readUInt32LE(STREAM.totalOut);
    },
  };
}

/** Of what is inside of gzip members. @throws when the library isn't there, or another than is known */
export function isalDecoder(memory: WorkerMemory): ChunkDecoder {
  const library = loadLibrary(LIBRARY);
  const maker = `ISA-L ${checkedVersion()}`;
  const init = library.func('void isal_inflate_init(void *)');
  const inflate = library.func('int isal_inflate_stateless(void *)');
  const state = memory.take(STATE_BYTES);
  return {
    maker,
    decode(deflated, into) {
      init(state);
      state.writeBigUInt64LE(addressOf(into), INFLATE.nextOut);
      state.writeUInt32LE(into.length, INFLATE.availOut);
      state.writeBigUInt64LE(addressOf(deflated), INFLATE.nextIn);
      state.writeUInt32LE(deflated.length, INFLATE.availIn);
      const status = inflate(state);
      if (status !== 0) throw new Error(`ISA-L can't decode the chunk (${String(status)})`);
      return state.readUInt32LE(INFLATE.totalOut);
    },
  };
}

/** The file that was loaded tells: the library itself has no function for it. */
function checkedVersion(): string {
  const loaded = /\/libisal\.so\.2\.0\.([0-9]+)/.exec(readFileSync('/proc/self/maps', 'latin1'));
  const minor = Number(loaded?.[1] ?? 0);
  if (minor < OLDEST_MINOR) throw new Error(`${LIBRARY} is of an unknown version`);
  return `2.${minor}`;
}
