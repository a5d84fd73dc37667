import { chmodSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { CHUNK_HASHES } from '../../src/contract/chunk-hash.ts';
import { StorageArea } from '../../src/storage/area.ts';
import { publishImage } from './published-image.ts';
import { PLUTO, shareTree } from './share-tree.ts';

const open: StorageArea[] = [];
afterEach(() => {
  for (const share of open.splice(0)) share.close();
});

function lab() {
  const roots = shareTree();
  const share = new StorageArea(roots);
  open.push(share);
  const verify = (generation = 1, slot = 'sda') => share.verifyImage({ address: PLUTO, generation, slot });
  return { ...roots, share, verify };
}

describe('reading an image through on the server', () => {
  it.each([
    { codec: 'gzip', chunkHash: 'blake3' },
    { codec: 'zstd', chunkHash: 'sha256' },
  ] as const)('finds a sound image of $codec with $chunkHash sound', async (how) => {
    const { backupRoot, verify } = lab();
    const { imageHash, codedBytes } = publishImage(backupRoot, { generation: 1, ...how });

    expect(await verify()).toEqual({ imageHash, readBytes: codedBytes, problem: null });
  });

  it('tells how far it is', async () => {
    const { backupRoot, share } = lab();
    const { codedBytes } = publishImage(backupRoot, { generation: 1, chunks: 20, noise: true });
    const told: number[] = [];
    await share.verifyImage({ address: PLUTO, generation: 1, slot: 'sda' }, (bytes) => told.push(bytes));

    expect(told.length).toBeGreaterThan(0);
    expect(told.at(-1)).toBeLessThanOrEqual(codedBytes);
  });

  it('finds one changed bit, and says where', async () => {
    const { backupRoot, verify } = lab();
    const { image } = publishImage(backupRoot, { generation: 1 });
    change(image, (bytes) => bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20));

    expect((await verify()).problem).toBe('chunk 2 of sda.raw.gz is damaged: its checksum is wrong');
  });

  it.each(CHUNK_HASHES)(
    'finds by %s content that is not the one of the index, although the checksum of its code is right',
    async (chunkHash) => {
      const { backupRoot, verify } = lab();
      publishImage(backupRoot, { generation: 1, lie: true, chunkHash });

      expect((await verify()).problem).toBe('chunk 0 of sda.raw.gz has another content than its index says');
    },
  );

  it('finds a file that is cut off', async () => {
    const { backupRoot, verify } = lab();
    const { image } = publishImage(backupRoot, { generation: 1 });
    chmodSync(image, 0o644);
    truncateSync(image, 100);

    expect((await verify()).problem).toContain('is cut off');
  });

  it('says so when there is no such image', async () => {
    const { backupRoot, verify } = lab();
    publishImage(backupRoot, { generation: 1 });

    expect((await verify(1, 'sdb')).problem).toBe('it has no image of sdb');
    expect((await verify(2)).problem).toContain("can't be read");
  });

  it("proves an adopted image of the original by gzip's own checksum", async () => {
    const { backupRoot, verify } = lab();
    const { image } = publishImage(backupRoot, { generation: 1, adopted: true });
    expect(await verify()).toMatchObject({ imageHash: null, problem: null });

    const other = gzipSync(Buffer.alloc(100_000, 1));
    change(image, (bytes) => other.copy(bytes, 0, 0, 60));
    expect((await verify()).problem).toContain("can't be unpacked");
  });
});

function change(path: string, edit: (bytes: Buffer) => unknown): void {
  const bytes = readFileSync(path);
  edit(bytes);
  chmodSync(path, 0o644);
  writeFileSync(join(path), bytes);
}
