import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChunkRecord,
  chunkCount,
  ImageIndexEncoder,
  ImageIndexError,
  type ImageIndexHeader,
  readImageIndex,
} from '../../src/contract/image-index.ts';

const header = (sizeBytes: number): ImageIndexHeader => ({
  format: 'testbox-image-index',
  version: 2,
  slot: 'sda',
  identity: { wwn: null, model: 'Modell Ü', serial: 'S1', path: null },
  sizeBytes,
  sectorSizeBytes: 512,
  chunkSizeBytes: 4096,
  codec: 'gzip',
  chunkHash: 'blake3',
  job: null,
  generation: 1,
});

const record: fc.Arbitrary<ChunkRecord> = fc.record({
  offset: fc.maxSafeNat(),
  length: fc.nat(0xffff_ffff),
  crc32: fc.nat(0xffff_ffff),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
  zero: fc.boolean(),
  bad: fc.boolean(),
});

function encode(about: ImageIndexHeader, records: ChunkRecord[]): Buffer {
  const encoder = new ImageIndexEncoder();
  return Buffer.concat([encoder.header(about), encoder.records(records), encoder.trailer().bytes]);
}

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function decode(bytes: Buffer, pieceBytes: number) {
  const records: ChunkRecord[] = [];
  let found: ImageIndexHeader | undefined;
  let imageHash: string | undefined;
  for await (const part of readImageIndex(inPieces(bytes, pieceBytes))) {
    if (part.kind === 'header') found = part.header;
    else if (part.kind === 'records') records.push(...part.records);
    else imageHash = part.imageHash;
  }
  return { header: found, records, imageHash };
}

const index = fc
  .tuple(fc.array(record, { maxLength: 40 }), fc.integer({ min: 1, max: 4096 }))
  .map(([records, tail]) => ({
    records,
    about: header(records.length === 0 ? 0 : (records.length - 1) * 4096 + tail),
  }));

describe('an image index', () => {
  it('comes back as it was written, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(index, fc.integer({ min: 1, max: 5000 }), async ({ about, records }, pieceBytes) => {
        const read = await decode(encode(about, records), pieceBytes);

        expect(read.header).toEqual(about);
        expect(read.records).toEqual(records);
        expect(read.records).toHaveLength(chunkCount(about));
      }),
      { numRuns: 60 },
    );
  });

  it('is refused with any one bit flipped', async () => {
    await fc.assert(
      fc.asyncProperty(index, fc.nat(), fc.nat(7), async ({ about, records }, place, bit) => {
        const bytes = encode(about, records);
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);

        await expect(decode(bytes, 4096)).rejects.toThrow(ImageIndexError);
      }),
      { numRuns: 200 },
    );
  });

  it('is refused when it is cut short or goes on after its end', async () => {
    await fc.assert(
      fc.asyncProperty(index, fc.nat(), async ({ about, records }, place) => {
        const bytes = encode(about, records);

        await expect(decode(bytes.subarray(0, place % bytes.length), 999)).rejects.toThrow(ImageIndexError);
        await expect(decode(Buffer.concat([bytes, Buffer.alloc(1)]), 999)).rejects.toThrow(ImageIndexError);
      }),
      { numRuns: 60 },
    );
  });

  it('of the first format, which did not name its hash, has SHA-256', async () => {
    const { chunkHash, version, ...rest } = header(0);
    const line = Buffer.from(`${JSON.stringify({ ...rest, version: 1 })}\n`);
    const bytes = Buffer.concat([line, createHash('sha256').update(line).digest()]);

    expect((await decode(bytes, 4096)).header).toMatchObject({ version: 1, chunkHash: 'sha256' });
  });
});
