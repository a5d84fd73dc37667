import { open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Codec } from '../../src/contract/plan.ts';
import { type BenchFiles, runOurs } from './measure.ts';

/** Most memory that one run of ours took. */
export interface MemorySample {
  what: string;
  threads: number;
  peakBytes: number;
  seconds: number;
}

const THREADS = [2, 16] as const;
const CODECS: readonly Codec[] = ['gzip', 'zstd'];
const TIB = 1024 ** 4;
const HUGE_TIB = 8;
const DATA_BYTES = 4_000_000;

/** What ours takes with few threads and with many, and on a disk of eight tebibytes, nearly all a hole. */
export async function measureMemory(
  files: BenchFiles,
  tell: (sample: MemorySample) => void,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  const image = join(files.images, 'memory.image');
  const take = async (about: { what: string; threads: number; codec: Codec; work: Work; disk: string }) => {
    const { what, threads, codec, work, disk } = about;
    const { seconds, peakBytes } = await runOurs(files, { work, codec, threads, disk, image });
    const sample = { what, threads, peakBytes, seconds };
    samples.push(sample);
    tell(sample);
  };
  for (const threads of THREADS) {
    for (const codec of CODECS) {
      await take({ what: `backup, ${codec}`, threads, codec, work: 'capture', disk: files.disk });
      // Onto other data, so that every chunk is unpacked, written and read back.
      const disk = await copyOf(files);
      await take({ what: `restore, ${codec}`, threads, codec, work: 'deploy', disk });
      await rm(disk);
    }
  }
  const huge = join(files.folder, 'huge.disk');
  await makeHuge(huge);
  await take({ what: `backup of ${HUGE_TIB} TiB`, threads: 2, codec: 'zstd', work: 'capture', disk: huge });
  for (const path of [huge, image, `${image}.index`]) await rm(path);
  return samples;
}

type Work = 'capture' | 'deploy';

async function copyOf({ folder, disk, unrelated }: BenchFiles): Promise<string> {
  const copy = join(folder, 'memory.disk');
  const { size } = await stat(disk);
  await using from = await open(unrelated);
  await using to = await open(copy, 'w');
  const piece = Buffer.alloc(DATA_BYTES);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await from.read(piece, 0, Math.min(piece.length, size - at), at);
    await to.write(piece, 0, bytesRead, at);
    at += bytesRead;
  }
  return copy;
}

/** A hole but for a little data in each tebibyte. */
async function makeHuge(path: string): Promise<void> {
  await using file = await open(path, 'w');
  const data = Buffer.alloc(DATA_BYTES, 'what a disk holds ');
  for (let tib = 0; tib < HUGE_TIB; tib += 1) await file.write(data, 0, data.length, tib * TIB);
  await truncate(path, HUGE_TIB * TIB);
}
