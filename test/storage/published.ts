import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageIndexEncoder } from '../../src/contract/image-index.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import { JOB, PLUTO } from './share-tree.ts';

const SIZE_BYTES = 5 * 1024 * 1024;
const IDENTITY = { wwn: null, model: 'QEMU', serial: 'pluto-sda', path: null };

/** The bytes of an image index, and the hash at its end. */
export function index(generation: number): { bytes: Buffer; imageHash: string } {
  const encoder = new ImageIndexEncoder();
  const header = encoder.header({
    format: 'testbox-image-index',
    version: 2,
    slot: 'sda',
    identity: IDENTITY,
    sizeBytes: SIZE_BYTES,
    sectorSizeBytes: 512,
    chunkSizeBytes: 4 * 1024 * 1024,
    codec: 'gzip',
    chunkHash: 'blake3',
    job: JOB,
    generation,
  });
  const record = {
    offset: 0,
    length: 50,
    crc32: 1,
    hash: Buffer.alloc(32),
    zero: true,
    bad: false,
  };
  const records = encoder.records([record, { ...record, offset: 50 }]);
  const { bytes, imageHash } = encoder.trailer();
  return { bytes: Buffer.concat([header, records, bytes]), imageHash };
}

/** Publishes a generation of one disk; `change` makes its manifest say something else. */
export function publish(
  directory: string,
  generation: number,
  change: (manifest: Manifest) => Manifest = (same) => same,
) {
  const place = join(directory, 'generations', String(generation).padStart(6, '0'));
  mkdirSync(place, { recursive: true });
  const { bytes, imageHash } = index(generation);
  const manifest: Manifest = {
    version: 1,
    generation,
    job: JOB,
    action: 'backup',
    testbox: { name: 'pluto', address: PLUTO },
    createdAt: '2026-11-22T17:28:55Z',
    shutdown: 'clean',
    hostKeys: [],
    disks: [
      {
        slot: 'sda',
        file: 'sda.raw.gz',
        indexFile: 'sda.raw.gz.index',
        indexHash: imageHash,
        codec: 'gzip',
        sizeBytes: SIZE_BYTES,
        sectorSizeBytes: 512,
        codedBytes: 100,
        identity: IDENTITY,
        kernelName: 'sda',
        origin: generation,
      },
    ],
  };
  writeFileSync(join(place, 'sda.raw.gz'), Buffer.alloc(100));
  writeFileSync(join(place, 'sda.raw.gz.index'), bytes);
  writeFileSync(join(place, 'manifest.json'), JSON.stringify(change(manifest)));
  rmSync(join(directory, 'current'), { force: true });
  symlinkSync(`generations/${String(generation).padStart(6, '0')}`, join(directory, 'current'));
  return place;
}
