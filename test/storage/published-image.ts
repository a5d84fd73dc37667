import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { blake3 } from '@napi-rs/blake-hash';
import { type ChunkHash, hashBytes } from '../../src/contract/chunk-hash.ts';
import { CHUNK_SIZE_BYTES, type ChunkRecord, ImageIndexEncoder } from '../../src/contract/image-index.ts';
import { Manifest } from '../../src/contract/manifest.ts';
import type { Codec } from '../../src/contract/plan.ts';
import { generationName, imageFileName } from '../../src/contract/share-layout.ts';
import { PLUTO } from './share-tree.ts';

interface Wish {
  generation: number;
  codec?: Codec;
  chunkHash?: ChunkHash;
  /** Whole ones; half a chunk comes behind them. */
  chunks?: number;
  /** Content that can't be packed. */
  noise?: boolean;
  /** The index says another content of the first chunk. */
  lie?: boolean;
  /** An image of the original, without an index. */
  adopted?: boolean;
}

/** Publishes a generation of pluto with a real image of one disk, and makes it the current one. */
export function publishImage(
  backupRoot: string,
  {
    generation,
    codec = 'gzip',
    chunkHash = 'blake3',
    chunks = 2,
    noise = false,
    lie = false,
    adopted = false,
  }: Wish,
): { image: string; imageHash: string; codedBytes: number } {
  const sizeBytes = (chunks + 0.5) * CHUNK_SIZE_BYTES;
  const encode = codec === 'gzip' ? gzipSync : zstdCompressSync;
  const hashOf = hashBytes(chunkHash, blake3);
  const records: ChunkRecord[] = [];
  const pieces: Buffer[] = [];
  let offset = 0;
  for (let number = 0; number <= chunks; number += 1) {
    const length = number === chunks ? CHUNK_SIZE_BYTES / 2 : CHUNK_SIZE_BYTES;
    const raw = noise ? randomBytes(length) : Buffer.alloc(length, generation + number);
    const coded = encode(raw);
    const hash = hashOf(lie && number === 0 ? Buffer.from('another content') : raw);
    records.push({ offset, length: coded.length, crc32: crc32(coded), hash, zero: false, bad: false });
    pieces.push(coded);
    offset += coded.length;
  }
  const encoder = new ImageIndexEncoder();
  const identity = { wwn: null, model: 'VIRTUAL', serial: 'S', path: null };
  const about = { slot: 'sda', identity, sizeBytes, sectorSizeBytes: 512, codec } as const;
  const header = encoder.header({
    ...{ format: 'testbox-image-index', version: 2, ...about, chunkHash },
    ...{ chunkSizeBytes: CHUNK_SIZE_BYTES, job: null, generation },
  });
  const coded = encoder.records(records);
  const { bytes, imageHash } = encoder.trailer();
  const file = imageFileName('sda', codec);
  const box = join(backupRoot, PLUTO);
  const directory = join(box, 'generations', generationName(generation));
  mkdirSync(directory, { recursive: true });
  const image = join(directory, file);
  writeFileSync(image, Buffer.concat(pieces), { mode: 0o444 });
  if (!adopted) writeFileSync(`${image}.index`, Buffer.concat([header, coded, bytes]), { mode: 0o444 });
  const manifest = Manifest.parse({
    ...{ version: 1, generation, job: null, action: 'backup', testbox: { name: 'pluto', address: PLUTO } },
    ...{ createdAt: '2026-11-22T17:28:55.000Z', shutdown: 'clean', hostKeys: [] },
    disks: [
      {
        ...about,
        ...{ file, codedBytes: offset, kernelName: 'sda', origin: generation },
        indexFile: adopted ? null : `${file}.index`,
        indexHash: adopted ? null : imageHash,
      },
    ],
  });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest), { mode: 0o444 });
  rmSync(join(box, 'current'), { force: true });
  symlinkSync(`generations/${generationName(generation)}`, join(box, 'current'));
  return { image, imageHash, codedBytes: offset };
}
