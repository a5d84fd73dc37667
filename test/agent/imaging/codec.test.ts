import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { type ChunkCodec, codedRoom } from '../../../agent/imaging/chunk-codec.ts';
import { chooseCodec, nativeCandidates, openCodec } from '../../../agent/imaging/codec.ts';
import { WorkerMemory } from '../../../agent/imaging/memory.ts';
import { isalDecoder, isalEncoder } from '../../../agent/imaging/native/isal.ts';
import { libdeflateDecoder, libdeflateEncoder } from '../../../agent/imaging/native/libdeflate.ts';
import { libzstdCodec } from '../../../agent/imaging/native/libzstd.ts';
import { memberDecoder } from '../../../agent/imaging/native/member.ts';
import { testDecoder, testEncoder } from '../../../agent/imaging/native/self-test.ts';
import { nodeCodec } from '../../../agent/imaging/node-codec.ts';
import { handleDecoder, handleEncoder } from '../../../agent/imaging/zlib-handle.ts';
import type { Codec } from '../../../src/contract/plan.ts';

type Coder = Pick<ChunkCodec, 'encode' | 'decode'>;

const memory = new WorkerMemory();
const PROGRAM = readFileSync(process.execPath);
/** What reads an image without us. */
const READERS = { gzip: ['gzip', '-dc'], zstd: ['zstd', '-dcq'] } as const;

/** The makers, each with the package that it needs. */
const MAKERS: readonly [name: string, codec: Codec, open: () => Coder][] = [
  [
    'ISA-L (libisal2)',
    'gzip',
    () => ({ ...isalEncoder(memory), decode: memberDecoder(isalDecoder(memory)).decode }),
  ],
  [
    'libdeflate (libdeflate0)',
    'gzip',
    () => ({ ...libdeflateEncoder(), decode: memberDecoder(libdeflateDecoder()).decode }),
  ],
  ["Node's libzstd (koffi)", 'zstd', () => libzstdCodec(null)],
  ['libzstd (libzstd1)', 'zstd', () => libzstdCodec('libzstd.so.1')],
  ['node:zlib, its handle', 'gzip', () => ({ ...handleEncoder(), ...handleDecoder() })],
  ['node:zlib', 'gzip', () => nodeCodec('gzip')],
  ['node:zlib', 'zstd', () => nodeCodec('zstd')],
];

function encode(coder: Coder, raw: Buffer): Buffer {
  const room = Buffer.alloc(codedRoom(raw.length), 0xaa);
  return room.subarray(0, coder.encode(raw, room));
}

function decode(coder: Coder, coded: Buffer, length: number): Buffer {
  const into = Buffer.alloc(length, 0xaa);
  return into.subarray(0, coder.decode(coded, into));
}

function outcome(work: () => Buffer): Buffer | 'refused' {
  try {
    return work();
  } catch {
    return 'refused';
  }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const [name, codec, open] of MAKERS) {
  const coder = outcomeOf(open);
  const title = coder === null ? `${name} is not installed` : `${codec} by ${name}`;
  describe.skipIf(coder === null)(title, () => {
    const it_ = coder ?? nodeCodec(codec);
    const other = nodeCodec(codec);

    it.each([1, 2, 511, 4096, 65_535, 65_536, 65_537, 1_000_003, 4 * 1024 ** 2])(
      'codes and decodes %i bytes, and Node reads and writes the same',
      (length) => {
        const raw = PROGRAM.subarray(5_000_000, 5_000_000 + length);

        const coded = encode(it_, raw);

        expect(decode(it_, coded, length).equals(raw)).toBe(true);
        expect(decode(other, coded, length).equals(raw)).toBe(true);
        expect(decode(it_, encode(other, raw), length).equals(raw)).toBe(true);
      },
    );

    it('has room for what does not compress', () => {
      const raw = randomBytes(4 * 1024 ** 2);

      const coded = encode(it_, raw);

      expect(coded.length).toBeLessThanOrEqual(codedRoom(raw.length));
      expect(decode(it_, coded, raw.length).equals(raw)).toBe(true);
    });

    it('makes next to nothing of zeros', () => {
      const zeros = Buffer.alloc(4 * 1024 ** 2);

      const coded = encode(it_, zeros);

      expect(coded.length).toBeLessThan(20_000);
      expect(decode(it_, coded, zeros.length).equals(zeros)).toBe(true);
    });

    it('keeps nothing of the chunk before', () => {
      const [long, short] = [PROGRAM.subarray(0, 500_000), PROGRAM.subarray(9_000_000, 9_000_100)];
      const alone = encode(it_, short);

      encode(it_, long);

      expect(encode(it_, short).equals(alone)).toBe(true);
      decode(it_, encode(it_, long), long.length);
      expect(decode(it_, alone, short.length).equals(short)).toBe(true);
    });

    it('makes members that follow each other in a file that every reader takes', () => {
      const [reader, ...words] = READERS[codec];
      if (!isInstalled(reader)) return;
      const parts = [0, 1, 2].map((part) => PROGRAM.subarray(part * 300_000, (part + 1) * 300_000));

      const file = Buffer.concat(parts.map((part) => encode(it_, part)));

      const read = execFileSync(reader, words, { input: file, maxBuffer: 2 ** 24 });
      expect(read.equals(PROGRAM.subarray(0, 900_000))).toBe(true);
    });

    it('refuses a chunk that is cut at any place, or is larger than its room', () => {
      const raw = PROGRAM.subarray(1_000_000, 1_050_000);
      const coded = encode(it_, raw);

      for (let length = 0; length < coded.length; length += 97) {
        expect(outcome(() => decode(it_, coded.subarray(0, length), raw.length))).toBe('refused');
      }
      for (const room of [0, 1, raw.length - 1]) {
        expect(outcome(() => decode(it_, coded, room))).toBe('refused');
      }
    });

    it('tells fewer bytes, or refuses, or gives other bytes for damaged ones: never the same by luck', () => {
      const raw = PROGRAM.subarray(2_000_000, 2_050_000);
      const coded = encode(it_, raw);
      let refused = 0;

      for (let at = 0; at < coded.length - 8; at += 61) {
        const damaged = Buffer.from(coded);
        damaged[at] = (damaged[at] ?? 0) ^ 0x40;
        const result = outcome(() => decode(it_, damaged, raw.length));
        if (result === 'refused') refused += 1;
        // Bytes of the header say nothing of the data; all others must show.
        else if (at >= 10) expect(result.equals(raw)).toBe(false);
      }
      expect(refused).toBeGreaterThan(0);
    });

    it('passes its self-test', () => {
      testEncoder(codec, { maker: name, encode: it_.encode });
      testDecoder(codec, { maker: name, decode: it_.decode });
    });
  });
}

function outcomeOf(open: () => Coder): Coder | null {
  try {
    return open();
  } catch {
    return null;
  }
}

describe('a gzip member of another maker', () => {
  it('is read though its header has a name', () => {
    const codec = openCodec('gzip', memory);
    const raw = PROGRAM.subarray(0, 100_000);
    const plain = gzipSync(raw);
    const named = Buffer.concat([plain.subarray(0, 10), Buffer.from('sda.raw\0'), plain.subarray(10)]);
    named[3] = 0x08;

    expect(decode(codec, named, raw.length).equals(raw)).toBe(true);
  });

  it('is refused when it says another length than it has', () => {
    const codec = openCodec('gzip', memory);
    const member = gzipSync(PROGRAM.subarray(0, 100_000));
    member.writeUInt32LE(99_999, member.length - 4);

    expect(outcome(() => decode(codec, member, 100_000))).toBe('refused');
  });
});

describe('the choice of a codec', () => {
  const honest = nodeCodec('gzip');
  const absent = {
    name: 'a library',
    open: () => {
      throw new Error('libnothing.so.1: cannot open shared object file');
    },
  };
  const raw = PROGRAM.subarray(0, 200_000);

  it('falls back to Node when a library is absent, and says why', () => {
    const codec = chooseCodec('gzip', { encoders: [absent], decoders: [absent] });

    expect(codec.maker).toBe('node:zlib');
    expect(codec.passedOver).toEqual(['a library: libnothing.so.1: cannot open shared object file']);
    expect(decode(codec, encode(codec, raw), raw.length).equals(raw)).toBe(true);
  });

  it.each([
    [
      'codes other bytes',
      {
        ...honest,
        encode: (from: Buffer, into: Buffer) => honest.encode(Buffer.from(from).fill(0, 0, 1), into),
      },
    ],
    [
      'codes a part',
      {
        ...honest,
        encode: (from: Buffer, into: Buffer) => honest.encode(from.subarray(0, from.length >> 1), into),
      },
    ],
    [
      'says a wrong length',
      { ...honest, encode: (from: Buffer, into: Buffer) => honest.encode(from, into) - 1 },
    ],
  ])('passes over an encoder that %s', (_what, liar) => {
    const encoders = [{ name: 'liar', open: () => ({ ...liar, maker: 'liar' }) }];

    const codec = chooseCodec('gzip', { encoders, decoders: [] });

    expect(codec.maker).toBe('node:zlib');
    expect(codec.passedOver).toEqual([expect.stringMatching(/^liar: /)]);
  });

  it.each([
    [
      'gives other bytes',
      (coded: Buffer, into: Buffer) => {
        const length = honest.decode(coded, into);
        into[0] = 1;
        return length;
      },
    ],
    [
      'takes half a chunk',
      (coded: Buffer, into: Buffer) => {
        try {
          return honest.decode(coded, into);
        } catch {
          return into.length;
        }
      },
    ],
  ])('passes over a decoder that %s', (_what, decodeBadly) => {
    const decoders = [{ name: 'liar', open: () => ({ maker: 'liar', decode: decodeBadly }) }];

    const codec = chooseCodec('gzip', { encoders: [], decoders });

    expect(codec.maker).toBe('node:zlib');
    expect(codec.passedOver).toEqual([expect.stringMatching(/^liar: /)]);
  });

  it('takes one maker for each way when only that one is there', () => {
    const mine = { name: 'mine', open: () => ({ ...honest, maker: 'mine' }) };

    expect(chooseCodec('gzip', { encoders: [mine], decoders: [absent] }).maker).toBe('mine and node:zlib');
  });

  it('is Node when libraries are switched off', () => {
    vi.stubEnv('TESTBOX_NATIVE_CODECS', 'off');
    expect(openCodec('gzip', memory).maker).toBe('node:zlib');
    expect(openCodec('zstd', memory).maker).toBe('node:zlib');
    vi.unstubAllEnvs();
    expect(openCodec('zstd', memory).maker).toMatch(/^Node's libzstd 1\.\d+\.\d+$/);
    expect(nativeCandidates('gzip', memory).encoders.map(({ name }) => name)).toEqual([
      'ISA-L',
      'libdeflate',
    ]);
  });
});

describe('the size of an image', () => {
  // Half a dozen chunks of program text, as disks are full of.
  const chunks = [0, 1, 2, 3, 4, 5].map((at) => PROGRAM.subarray(at * 2 ** 24, at * 2 ** 24 + 2 ** 22));
  const whole = Buffer.concat(chunks);
  const sizeBy = (codec: Codec) => {
    const coder = openCodec(codec, memory);
    return chunks.reduce((sum, chunk) => sum + encode(coder, chunk).length, 0);
  };
  const gzipSize = (level: string) =>
    execFileSync('gzip', ['-c', level], { input: whole, maxBuffer: 2 ** 26 }).length;

  it('is within 3 % of what gzip -1 makes', () => {
    expect(sizeBy('gzip')).toBeLessThan(1.03 * gzipSize('-1'));
  });

  it('is within 3 % of what gzip -6 makes, for zstd', () => {
    expect(sizeBy('zstd')).toBeLessThan(1.03 * gzipSize('-6'));
  });
});
