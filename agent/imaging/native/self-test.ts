import { randomFillSync } from 'node:crypto';
import type { Codec } from '../../../src/contract/plan.ts';
import { type ChunkDecoder, type ChunkEncoder, codedRoom } from '../chunk-codec.ts';
import { nodeCodec } from '../node-codec.ts';

/** More than a deflate window and a stored block, and no whole number of anything. */
const SAMPLE_BYTES = 50_001;

/** What Node makes of it must be what went in. @throws when it is not */
export function testEncoder(codec: Codec, encoder: ChunkEncoder): void {
  for (const raw of samples()) {
    const coded = Buffer.alloc(codedRoom(raw.length));
    const member = coded.subarray(0, encoder.encode(raw, coded));
    const back = Buffer.alloc(raw.length);
    const length = nodeCodec(codec).decode(member, back);
    if (length !== raw.length || !back.equals(raw)) throw new Error('Node reads other bytes');
  }
}

/** It must read what Node makes, and refuse what is cut or too long. @throws when it does not */
export function testDecoder(codec: Codec, decoder: ChunkDecoder): void {
  for (const raw of samples()) {
    const room = Buffer.alloc(codedRoom(raw.length));
    const coded = room.subarray(0, nodeCodec(codec).encode(raw, room));
    const back = Buffer.alloc(raw.length);
    const length = decoder.decode(coded, back);
    if (length !== raw.length || !back.equals(raw)) throw new Error('it reads other bytes than went in');
    const half = coded.subarray(0, coded.length >> 1);
    if (!refuses(decoder, half, back)) throw new Error('it takes half a chunk for a whole one');
    const tooSmall = back.subarray(1);
    if (!refuses(decoder, coded, tooSmall)) throw new Error('it cuts what does not fit');
  }
}

function refuses(decoder: ChunkDecoder, coded: Buffer, into: Buffer): boolean {
  try {
    decoder.decode(coded, into);
    return false;
  } catch {
    return true;
  }
}

/** Bytes that compress well, hardly and not at all, and next to nothing. */
function samples(): Buffer[] {
  const bytes = Buffer.alloc(SAMPLE_BYTES, 'the disk of a testbox, chunk by chunk; ');
  const quarter = SAMPLE_BYTES >> 2;
  for (let at = 0; at < quarter; at += 97) bytes[at] = at & 0xff;
  randomFillSync(bytes, quarter, quarter);
  bytes.fill(0, 2 * quarter, 3 * quarter);
  return [bytes, Buffer.from('x')];
}
