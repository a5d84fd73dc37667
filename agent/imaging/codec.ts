import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { assertNever } from '../../src/contract/assert-never.ts';
import type { Codec } from '../../src/contract/plan.ts';
import { describeError } from '../failure.ts';
import type { ChunkCodec, ChunkDecoder, ChunkEncoder } from './chunk-codec.ts';
import type { WorkerMemory } from './memory.ts';
import { isalDecoder, isalEncoder } from './native/isal.ts';
import { libdeflateDecoder, libdeflateEncoder } from './native/libdeflate.ts';
import { libzstdCodec } from './native/libzstd.ts';
import { memberDecoder } from './native/member.ts';
import { testDecoder, testEncoder } from './native/self-test.ts';
import { nodeCodec } from './node-codec.ts';

/** `off` keeps to Node's own codecs. */
const SWITCH = 'TESTBOX_NATIVE_CODECS';

interface Candidate<T> {
  name: string;
  open: () => T;
}

/**
 * The fastest codec that this machine has and that passes a test. It belongs to the thread that
 * opened it.
 */
export function openCodec(codec: Codec, memory: WorkerMemory): ChunkCodec {
  const node = { name: 'node:zlib', open: () => nodeCodec(codec) };
  const isOff = process.env[SWITCH] === 'off';
  const native = isOff ? { encoders: [], decoders: [] } : nativeCandidates(codec, memory);
  const encoder = firstThatWorks([...native.encoders, node], (it) => testEncoder(codec, it));
  const decoder = firstThatWorks([...native.decoders, node], (it) => testDecoder(codec, it));
  const makers = [encoder.chosen.maker, decoder.chosen.maker];
  return {
    maker: [...new Set(makers)].join(' and '),
    passedOver: [...new Set([...encoder.passedOver, ...decoder.passedOver])],
    encode: (raw, into) => encoder.chosen.encode(raw, into),
    decode: (coded, into) => decoder.chosen.decode(coded, into),
  };
}

/** Fastest first, as measured. */
function nativeCandidates(
  codec: Codec,
  memory: WorkerMemory,
): { encoders: Candidate<ChunkEncoder>[]; decoders: Candidate<ChunkDecoder>[] } {
  switch (codec) {
    case 'gzip':
      return {
        encoders: [
          { name: 'ISA-L', open: () => isalEncoder(memory) },
          { name: 'libdeflate', open: () => libdeflateEncoder() },
        ],
        decoders: [
          { name: 'libdeflate', open: () => memberDecoder(libdeflateDecoder()) },
          { name: 'ISA-L', open: () => memberDecoder(isalDecoder(memory)) },
        ],
      };
    case 'zstd': {
      const candidates = [null, 'libzstd.so.1'] as const;
      const both = candidates.map((name) => ({
        name: name ?? "Node's libzstd",
        open: () => libzstdCodec(name),
      }));
      return { encoders: both, decoders: both };
    }
    default:
      return assertNever(codec);
  }
}

function firstThatWorks<T>(
  candidates: readonly Candidate<T>[],
  test: (candidate: T) => void,
): { chosen: T; passedOver: string[] } {
  const passedOver: string[] = [];
  for (const { name, open } of candidates) {
    try {
      const chosen = open();
      test(chosen);
      return { chosen, passedOver };
    } catch (error) {
      passedOver.push(`${name}: ${describeError(error)}`);
    }
  }
  throw new Error(`no codec works on this machine (${passedOver.join('; ')})`);
}

/** Room for what does not compress: both codecs then add a few bytes per 16 KiB. */
const SLACK_BYTES = 64 * 1024;
const zeroMembers = new Map<string, Buffer>();

/** One chunk as a gzip member or zstd frame of its own. */
export function encodeChunk(codec: Codec, raw: Buffer): Buffer {
  // One output buffer that surely suffices: smaller pieces would be copied together.
  const chunkSize = raw.length + SLACK_BYTES;
  switch (codec) {
    case 'gzip':
      return gzipSync(raw, { level: 1, chunkSize });
    case 'zstd':
      return zstdCompressSync(raw, {
        chunkSize,
        pledgedSrcSize: raw.length,
        params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
      });
  }
}

/** @throws when the coded bytes are damaged or hold more than `rawLength` bytes */
export function decodeChunk(codec: Codec, coded: Buffer, rawLength: number): Buffer {
  const chunkSize = Math.max(rawLength + 1, 64);
  switch (codec) {
    case 'gzip':
      return gunzipSync(coded, { chunkSize, maxOutputLength: chunkSize });
    case 'zstd':
      return zstdDecompressSync(coded, { chunkSize, maxOutputLength: chunkSize });
  }
}

/** The coded form of `length` zeros, made once: half-empty disks are full of them. */
export function zeroMember(codec: Codec, length: number): Buffer {
  const key = `${codec} ${length}`;
  const known = zeroMembers.get(key);
  if (known !== undefined) return known;
  const member = encodeChunk(codec, Buffer.alloc(length));
  zeroMembers.set(key, member);
  return member;
}
