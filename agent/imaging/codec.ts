import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Codec } from '../../src/contract/plan.ts';
import type { ChunkCodec } from './chunk-codec.ts';
import { nodeCodec } from './node-codec.ts';

/** Room for what does not compress: both codecs then add a few bytes per 16 KiB. */
const SLACK_BYTES = 64 * 1024;
const zeroMembers = new Map<string, Buffer>();

/** The fastest codec that this machine has. It belongs to the thread that opened it. */
export function openCodec(codec: Codec): ChunkCodec {
  return nodeCodec(codec);
}

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
