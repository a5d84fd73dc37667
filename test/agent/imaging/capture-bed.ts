import { execFileSync } from 'node:child_process';
import { hash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { blake3 } from '@napi-rs/blake-hash';
import { systemClock } from '../../../agent/clock.ts';
import { type Capture, type Captured, captureDisk } from '../../../agent/imaging/capture.ts';
import { ImagingControl } from '../../../agent/imaging/control.ts';
import { type OpenSource, openIndexed } from '../../../agent/imaging/source.ts';
import { withPool } from '../../../agent/imaging/worker-pool.ts';
import { openDiskFile } from '../../../agent/machine/open-files.ts';
import { DEFAULT_TIMING } from '../../../agent/timing.ts';
import { type ChunkRecord, encodeRecords } from '../../../src/contract/chunk-record.ts';
import { DiskSlot } from '../../../src/contract/disk.ts';
import { readImageIndex } from '../../../src/contract/image-index.ts';
import type { Codec } from '../../../src/contract/plan.ts';

const ENTRY = new URL('../../../agent/imaging/worker.ts', import.meta.url);
const MIB = 1024 ** 2;
export const CHUNK = 4 * MIB;
export const SECTOR = 512;
const SLOT = DiskSlot.parse('sda');
const HASH_BYTES = 32;
const UNPACK = { gzip: ['gzip', '-dc'], zstd: ['zstd', '-dcq'] } as const;

/** A disk in a file and images of it. */
export class CaptureBed {
  readonly folder: string;
  readonly disk: string;
  readonly sizeBytes: number;

  private constructor(folder: string, sizeBytes: number) {
    this.folder = folder;
    this.disk = join(folder, 'disk');
    this.sizeBytes = sizeBytes;
  }

  /** @param zeros chunks of them, which are no holes: holes are not read */
  static async make(sizeBytes: number, zeros: readonly number[] = []): Promise<CaptureBed> {
    const bed = new CaptureBed(await mkdtemp(join(tmpdir(), 'testbox-capture-')), sizeBytes);
    await writeFile(bed.disk, Buffer.alloc(sizeBytes));
    for (let chunk = 0; chunk * CHUNK < sizeBytes; chunk += 1) {
      if (!zeros.includes(chunk)) await bed.fill(chunk);
    }
    return bed;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** New data in a chunk; half of it compresses, so that members have all lengths. */
  async fill(chunk: number): Promise<void> {
    const bytes = Math.min(CHUNK, this.sizeBytes - chunk * CHUNK);
    const piece = Buffer.alloc(bytes, 'a disk is read chunk by chunk. ');
    randomFillSync(piece, 0, Math.floor(Math.random() * (bytes >> 4)));
    await this.poke(this.disk, chunk * CHUNK, piece);
  }

  async poke(path: string, at: number, bytes: Buffer): Promise<void> {
    await using file = await open(path, 'r+');
    await file.write(bytes, 0, bytes.length, at);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async capture(
    name: string,
    how: Partial<Capture> & { codec?: Codec; threads?: number; entry?: URL } = {},
  ): Promise<Captured & { counted: ImagingControl['counted'] }> {
    const { codec = 'gzip', threads = 3, entry = ENTRY, ...changes } = how;
    const opened = await openDiskFile(this.disk, { access: 'read', exclusive: false });
    const watch = how.watch ?? this.watch();
    try {
      const captured = await withPool({ entry, size: threads }, (pool) =>
        captureDisk({
          disk: opened,
          imagePath: this.path(name),
          indexPath: this.path(`${name}.index`),
          header: {
            slot: SLOT,
            identity: { wwn: null, model: 'TEST', serial: '1', path: null },
            sizeBytes: this.sizeBytes,
            sectorSizeBytes: SECTOR,
            codec,
            job: null,
            generation: 1,
          },
          pool,
          ...changes,
          watch,
        }),
      );
      return { ...captured, counted: watch.control.counted };
    } finally {
      await opened.close();
    }
  }

  watch(): Capture['watch'] {
    return {
      control: new ImagingControl(),
      clock: systemClock,
      timing: { ...DEFAULT_TIMING, progressMs: 20, throttleMs: 10 },
      stop: new AbortController().signal,
      rateLimit: async () => null,
      look: () => undefined,
    };
  }

  /** As a later capture or a restore opens it. */
  async open(name: string, codec: Codec = 'gzip'): Promise<OpenSource & AsyncDisposable> {
    const { size: codedBytes } = await stat(this.path(name));
    const index = await readFile(this.path(`${name}.index`));
    const source = await openIndexed({
      boxDirectory: this.folder,
      slot: SLOT,
      image: {
        kind: 'indexed',
        generation: 1,
        file: basename(name),
        indexHash: index.subarray(-HASH_BYTES).toString('hex'),
        codec,
        sizeBytes: this.sizeBytes,
        sectorSizeBytes: SECTOR,
        codedBytes,
      },
      disk: { sizeBytes: this.sizeBytes, sectorSizeBytes: SECTOR },
    });
    return { ...source, [Symbol.asyncDispose]: () => source.close() };
  }

  async records(name: string): Promise<ChunkRecord[]> {
    const all: ChunkRecord[] = [];
    for await (const part of readImageIndex(createReadStream(this.path(`${name}.index`)))) {
      if (part.kind === 'records') all.push(...part.records);
    }
    return all;
  }

  /** Writes the index anew with other records, in itself sound. */
  async changeRecords(name: string, change: (records: ChunkRecord[]) => void): Promise<void> {
    const path = this.path(`${name}.index`);
    const records = await this.records(name);
    const before = await readFile(path);
    const header = before.subarray(0, before.indexOf(0x0a) + 1);
    change(records);
    const all = Buffer.concat([header, encodeRecords(records)]);
    await rm(path);
    await writeFile(path, Buffer.concat([all, hash('sha256', all, 'buffer')]));
  }

  /** What is wrong with an image of these bytes; nothing when all is well. */
  async faults(name: string, raw: Buffer, codec: Codec = 'gzip'): Promise<string[]> {
    const image = await readFile(this.path(name));
    const [program, ...words] = UNPACK[codec];
    const unpacked = execFileSync(program, words, { input: image, maxBuffer: 2 ** 30 });
    const faults = unpacked.equals(raw) ? [] : ['it unpacks to other bytes'];
    let at = 0;
    for (const [chunk, record] of (await this.records(name)).entries()) {
      const bytes = raw.subarray(chunk * CHUNK, (chunk + 1) * CHUNK);
      if (record.offset !== at) faults.push(`chunk ${chunk} is not behind the one before`);
      if (!record.hash.equals(blake3(bytes))) faults.push(`chunk ${chunk} has another hash`);
      at += record.length;
    }
    if (at !== image.length) faults.push(`it is ${image.length} bytes long instead of ${at}`);
    return faults;
  }

  readDisk(): Promise<Buffer> {
    return readFile(this.disk);
  }
}
