import { execFileSync } from 'node:child_process';
import { hash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blake3 } from '@napi-rs/blake-hash';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../agent/clock.ts';
import { type Captured, captureDisk } from '../../../agent/imaging/capture.ts';
import { ImagingControl } from '../../../agent/imaging/control.ts';
import { withPool } from '../../../agent/imaging/worker-pool.ts';
import { openDiskFile } from '../../../agent/machine/open-files.ts';
import type { OpenDisk } from '../../../agent/machine.ts';
import { DEFAULT_TIMING } from '../../../agent/timing.ts';
import { DiskSlot } from '../../../src/contract/disk.ts';
import { type ChunkRecord, readImageIndex } from '../../../src/contract/image-index.ts';
import type { Codec } from '../../../src/contract/plan.ts';

const ENTRY = new URL('../../../agent/imaging/worker.ts', import.meta.url);
const MIB = 1024 ** 2;
const CHUNK = 4 * MIB;
const SECTOR = 512;
const UNPACK = { gzip: ['gzip', '-dc'], zstd: ['zstd', '-dcq'] } as const;

let folder: string;
const loops: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-capture-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const loop of loops.splice(0)) execFileSync('losetup', ['--detach', loop]);
  await rm(folder, { recursive: true, force: true });
});

/** A disk file: data where there is some, holes elsewhere. */
async function makeDisk(sizeBytes: number, data: readonly { at: number; bytes: number }[]): Promise<string> {
  const path = join(folder, 'disk');
  await writeFile(path, '');
  await truncate(path, sizeBytes);
  await using file = await open(path, 'r+');
  for (const { at, bytes } of data) {
    // Half of it compresses, so that members have all lengths.
    const piece = Buffer.alloc(bytes, 'a disk is read chunk by chunk. ');
    randomFillSync(piece, 0, bytes >> 1);
    await file.write(piece, 0, bytes, at);
  }
  return path;
}

async function capture(
  path: string,
  how: { sizeBytes: number; codec?: Codec; threads?: number; disk?: (disk: OpenDisk) => OpenDisk },
): Promise<Captured & { counted: ImagingControl['counted'] }> {
  const opened = await openDiskFile(path, { access: 'read', exclusive: false });
  const control = new ImagingControl();
  try {
    const captured = await withPool({ entry: ENTRY, size: how.threads ?? 3 }, (pool) =>
      captureDisk({
        disk: how.disk?.(opened) ?? opened,
        imagePath: join(folder, 'image'),
        indexPath: join(folder, 'image.index'),
        header: {
          slot: DiskSlot.parse('sda'),
          identity: { wwn: null, model: 'TEST', serial: '1', path: null },
          sizeBytes: how.sizeBytes,
          sectorSizeBytes: SECTOR,
          codec: how.codec ?? 'gzip',
          job: null,
          generation: 1,
        },
        pool,
        watch: {
          control,
          clock: systemClock,
          timing: DEFAULT_TIMING,
          stop: new AbortController().signal,
          rateLimit: async () => null,
          look: () => undefined,
        },
      }),
    );
    return { ...captured, counted: control.counted };
  } finally {
    await opened.close();
  }
}

async function records(): Promise<ChunkRecord[]> {
  const all: ChunkRecord[] = [];
  for await (const part of readImageIndex(createReadStream(join(folder, 'image.index')))) {
    if (part.kind === 'records') all.push(...part.records);
  }
  return all;
}

/** The image is the disk, its members lie one behind the other, and the index tells the truth of each. */
async function prove(raw: Buffer, codec: Codec = 'gzip'): Promise<void> {
  const image = await readFile(join(folder, 'image'));
  const [program, ...words] = UNPACK[codec];
  const unpacked = execFileSync(program, words, { input: image, maxBuffer: 2 ** 29 });
  expect(unpacked.equals(raw)).toBe(true);
  let at = 0;
  for (const [chunk, record] of (await records()).entries()) {
    const bytes = raw.subarray(chunk * CHUNK, (chunk + 1) * CHUNK);
    expect(record.offset).toBe(at);
    expect(record.hash.equals(blake3(bytes))).toBe(true);
    expect(record.zero).toBe(bytes.equals(Buffer.alloc(bytes.length)));
    at += record.length;
  }
  expect(at).toBe(image.length);
}

describe('a capture', () => {
  it.each([SECTOR, CHUNK - SECTOR, CHUNK, CHUNK + SECTOR, 9 * CHUNK + 3 * SECTOR])(
    'of a disk of %i bytes of data',
    async (sizeBytes) => {
      const path = await makeDisk(sizeBytes, [{ at: 0, bytes: sizeBytes }]);

      const { codedBytes, counted } = await capture(path, { sizeBytes });

      await prove(await readFile(path));
      expect(codedBytes).toBe((await stat(join(folder, 'image'))).size);
      expect(counted).toMatchObject({ done: sizeBytes, written: codedBytes, skipped: 0 });
    },
  );

  it.each(['gzip', 'zstd'] as const)('of zeros in rows, alone and at the end, by %s', async (codec) => {
    const sizeBytes = 40 * CHUNK + SECTOR;
    // Data in chunks 0, 7, 8 (its last byte alone), 20 and nowhere behind it.
    const data = [0, 7 * CHUNK, 20 * CHUNK + 1].map((at) => ({ at, bytes: 1_000 }));
    const path = await makeDisk(sizeBytes, [...data, { at: 9 * CHUNK - 2, bytes: 2 }]);

    const { counted } = await capture(path, { sizeBytes, codec });

    await prove(await readFile(path), codec);
    const zeros = (await records()).filter(({ zero }) => zero);
    expect(zeros).toHaveLength(41 - 4);
    // The same member each time, but for the short one at the end.
    expect(new Set(zeros.slice(0, -1).map(({ length, crc32 }) => `${length} ${crc32}`)).size).toBe(1);
    expect(counted.skipped).toBe(36 * CHUNK + SECTOR);
  });

  it('of nothing but zeros takes a thousandth', async () => {
    const sizeBytes = 64 * CHUNK;
    const path = await makeDisk(sizeBytes, []);

    const { codedBytes, counted } = await capture(path, { sizeBytes });

    await prove(await readFile(path));
    expect(codedBytes).toBeLessThan(sizeBytes / 1000);
    expect(counted).toMatchObject({ done: sizeBytes, skipped: sizeBytes, written: codedBytes });
  });

  it('says who coded, and why not others', async () => {
    const path = await makeDisk(CHUNK, []);
    const { coder } = await capture(path, { sizeBytes: CHUNK, codec: 'zstd' });
    await Promise.all(['image', 'image.index'].map((name) => rm(join(folder, name))));
    vi.stubEnv('TESTBOX_NATIVE_CODECS', 'off');

    const plain = await capture(path, { sizeBytes: CHUNK, codec: 'zstd' });

    expect(coder).toMatch(/^Node's libzstd 1\./);
    expect(plain.coder).toBe('node:zlib');
  });

  it('by sixteen threads, again and again, is the same image', async () => {
    const sizeBytes = 30 * CHUNK;
    const data = [...Array(30).keys()].filter((chunk) => chunk % 3 > 0);
    const path = await makeDisk(
      sizeBytes,
      data.map((chunk) => ({ at: chunk * CHUNK, bytes: 100_000 })),
    );
    const hashes = new Set<string>();
    const coders = new Set<string>();

    for (let turn = 0; turn < 3; turn += 1) {
      const { coder } = await capture(path, { sizeBytes, threads: 16 });
      coders.add(coder);
      hashes.add(hash('sha256', await readFile(join(folder, 'image'))));
      await Promise.all(['image', 'image.index'].map((name) => rm(join(folder, name))));
    }

    expect([...coders]).toHaveLength(1);
    expect(hashes.size).toBe(1);
  });

  it('of a disk that ends too early fails, and says where', async () => {
    const path = await makeDisk(5 * CHUNK, [{ at: 0, bytes: 5 * CHUNK }]);

    await expect(capture(path, { sizeBytes: 5 * CHUNK + SECTOR })).rejects.toMatchObject({
      class: 'box',
      code: 'disk-failed',
      message: `the disk ends at byte ${5 * CHUNK}, before its size of ${5 * CHUNK + SECTOR} bytes`,
    });
  });
});

describe.skipIf(process.getuid?.() !== 0)('a capture of a block device (needs root and losetup)', () => {
  function attach(path: string, sectorBytes: number): string {
    const words = ['--show', '--find', '--sector-size', String(sectorBytes), path];
    const loop = execFileSync('losetup', words, { encoding: 'utf8' }).trim();
    loops.push(loop);
    return loop;
  }

  it.each([512, 4096])('with sectors of %i bytes reads past the page cache', async (sectorBytes) => {
    const sizeBytes = 5 * CHUNK + 3 * sectorBytes;
    const path = await makeDisk(sizeBytes, [
      { at: CHUNK, bytes: CHUNK },
      { at: 5 * CHUNK, bytes: 3 * sectorBytes },
    ]);
    const loop = attach(path, sectorBytes);
    // A plain read of this descriptor would fail: only the direct one can have been used.
    await using closed = await open('/dev/null', 'w');
    const onlyDirect = (disk: OpenDisk) => ({ ...disk, fd: disk.fd, directFd: disk.directFd ?? closed.fd });

    await capture(loop, { sizeBytes, disk: onlyDirect });

    await prove(await readFile(path));
  });

  it('reads the usual way what it can not read past the page cache', async () => {
    const sizeBytes = 2 * CHUNK + 512;
    const path = await makeDisk(sizeBytes, [{ at: 0, bytes: sizeBytes }]);
    // Its last sector is half of the 4096 bytes that a direct read of this file system wants.
    const loop = attach(path, 512);
    const opened = await openDiskFile(loop, { access: 'read', exclusive: false });
    await opened.close();

    await capture(loop, { sizeBytes, disk: (disk) => ({ ...disk, directFd: null }) });

    await prove(await readFile(path));
  });
});
