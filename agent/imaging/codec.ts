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
import { handleDecoder, handleEncoder } from './zlib-handle.ts';

/** `off` keeps to Node's own codecs. */
const SWITCH = 'TESTBOX_NATIVE_CODECS';

/** Node's gzip, the fast way in; its own functions come last. */
const HANDLES: Candidates = {
  encoders: [{ name: "Node's zlib", open: () => handleEncoder() }],
  decoders: [{ name: "Node's zlib", open: () => handleDecoder() }],
};

interface Candidate<T> {
  name: string;
  open: () => T;
}

export interface Candidates {
  encoders: readonly Candidate<ChunkEncoder>[];
  decoders: readonly Candidate<ChunkDecoder>[];
}

/**
 * The fastest codec that this machine has and that passes a test. It belongs to the thread that
 * opened it.
 */
export function openCodec(codec: Codec, memory: WorkerMemory): ChunkCodec {
  const all = process.env[SWITCH] === 'off' ? [] : [nativeCandidates(codec, memory)];
  if (codec === 'gzip') all.push(HANDLES);
  return chooseCodec(codec, {
    encoders: all.flatMap(({ encoders }) => encoders),
    decoders: all.flatMap(({ decoders }) => decoders),
  });
}

/** The first of them that can be had and pass a test; Node's own come last. */
export function chooseCodec(codec: Codec, candidates: Candidates): ChunkCodec {
  const node = { name: 'node:zlib', open: () => nodeCodec(codec) };
  const encoder = firstThatWorks([...candidates.encoders, node], (it) => testEncoder(codec, it));
  const decoder = firstThatWorks([...candidates.decoders, node], (it) => testDecoder(codec, it));
  return {
    maker: [...new Set([encoder.chosen.maker, decoder.chosen.maker])].join(' and '),
    passedOver: [...new Set([...encoder.passedOver, ...decoder.passedOver])],
    encode: (raw, into) => encoder.chosen.encode(raw, into),
    decode: (coded, into) => decoder.chosen.decode(coded, into),
  };
}

/** Fastest first, as measured. */
export function nativeCandidates(codec: Codec, memory: WorkerMemory): Candidates {
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
