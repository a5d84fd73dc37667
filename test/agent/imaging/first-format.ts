import { createHash } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { CHUNK_SIZE_BYTES, encodeRecords } from '../../../src/contract/chunk-record.ts';
import { type ChunkRecord, readImageIndex } from '../../../src/contract/image-index.ts';

/**
 * Makes an index one of the first format, which knew SHA-256 alone and did not name it.
 *
 * @param raw what the image holds
 * @returns the image's new hash
 */
export async function rewriteInFirstFormat(indexPath: string, raw: Buffer): Promise<string> {
  const bytes = await readFile(indexPath);
  const { chunkHash, ...header } = JSON.parse(bytes.subarray(0, bytes.indexOf(0x0a)).toString('utf8'));
  if (chunkHash !== 'blake3') throw new Error(`expected an index with BLAKE3, not ${chunkHash}`);
  const records: ChunkRecord[] = [];
  for await (const part of readImageIndex(inOnePiece(bytes))) {
    if (part.kind === 'records') records.push(...part.records);
  }
  const hashed = records.map((record, chunk) => ({
    ...record,
    hash: sha256(raw.subarray(chunk * CHUNK_SIZE_BYTES, (chunk + 1) * CHUNK_SIZE_BYTES)),
  }));
  const head = Buffer.from(`${JSON.stringify({ ...header, version: 1 })}\n`);
  const all = Buffer.concat([head, encodeRecords(hashed)]);
  await chmod(indexPath, 0o644);
  await writeFile(indexPath, Buffer.concat([all, sha256(all)]));
  return sha256(all).toString('hex');
}

async function* inOnePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
