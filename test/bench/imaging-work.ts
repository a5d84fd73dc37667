import { readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { systemClock } from '../../agent/clock.ts';
import { captureDisk } from '../../agent/imaging/capture.ts';
import { ImagingControl } from '../../agent/imaging/control.ts';
import { deployIndexed } from '../../agent/imaging/deploy.ts';
import { type OpenSource, openIndexed } from '../../agent/imaging/source.ts';
import type { Watch } from '../../agent/imaging/watch.ts';
import type { WorkerPool } from '../../agent/imaging/worker-pool.ts';
import { openDiskFile } from '../../agent/machine/open-files.ts';
import { DEFAULT_TIMING } from '../../agent/timing.ts';
import { DiskSlot } from '../../src/contract/disk.ts';
import { JobId } from '../../src/contract/ids.ts';
import { Codec } from '../../src/contract/plan.ts';

const SECTOR_BYTES = 512;
const HASH_BYTES = 32;
const SLOT = DiskSlot.parse('sda');
const IDENTITY = { wwn: null, model: 'BENCH', serial: 'BENCH-1', path: null };

export interface ImagingWork {
  work: 'capture' | 'deploy';
  codec: Codec;
  diskPath: string;
  imagePath: string;
  /** The disk's image of before, of which a capture takes over what is unchanged. */
  previousPath: string | null;
}

/** @throws for words that make no sense */
export function readWork(words: readonly string[]): ImagingWork {
  const [work, codec, diskPath = '', imagePath = '', previousPath = null] = words;
  if (work !== 'capture' && work !== 'deploy') throw new Error(`capture or deploy, not ${work}`);
  return { work, codec: Codec.parse(codec), diskPath, imagePath, previousPath };
}

/** Gives who coded. */
export async function carryOut(about: ImagingWork, pool: WorkerPool): Promise<string> {
  return about.work === 'capture' ? capture(about, pool) : deploy(about, pool);
}

async function capture(about: ImagingWork, pool: WorkerPool): Promise<string> {
  const { codec, diskPath, imagePath, previousPath } = about;
  const indexPath = `${imagePath}.index`;
  await Promise.all([rm(imagePath, { force: true }), rm(indexPath, { force: true })]);
  const { size } = await stat(diskPath);
  const disk = await openDiskFile(diskPath, { access: 'read', exclusive: false });
  const previous = previousPath === null ? null : await openImage(previousPath, { codec, sizeBytes: size });
  const { coder } = await captureDisk({
    disk,
    previous: previous?.source ?? null,
    imagePath,
    indexPath,
    header: {
      slot: SLOT,
      identity: IDENTITY,
      sizeBytes: size,
      sectorSizeBytes: SECTOR_BYTES,
      codec,
      job: JobId.parse('7k3m9q2x'),
      generation: 1,
    },
    pool,
    watch: watch(),
  });
  await disk.close();
  await previous?.close();
  return coder;
}

async function deploy({ codec, diskPath, imagePath }: ImagingWork, pool: WorkerPool): Promise<string> {
  const { size } = await stat(diskPath);
  const image = await openImage(imagePath, { codec, sizeBytes: size });
  const disk = await openDiskFile(diskPath, { access: 'write', exclusive: false });
  await deployIndexed({ target: { open: disk, sizeBytes: size }, pool, watch: watch() }, image.source);
  await disk.close();
  await image.close();
  return '';
}

async function openImage(path: string, about: { codec: Codec; sizeBytes: number }): Promise<OpenSource> {
  const disk = { sizeBytes: about.sizeBytes, sectorSizeBytes: SECTOR_BYTES };
  return await openIndexed({
    ...{ boxDirectory: dirname(path), slot: SLOT, disk },
    image: {
      ...{ kind: 'indexed', file: basename(path), codec: about.codec, ...disk, generation: 1 },
      codedBytes: (await stat(path)).size,
      indexHash: (await readFile(`${path}.index`)).subarray(-HASH_BYTES).toString('hex'),
    },
  });
}

function watch(): Watch {
  return {
    control: new ImagingControl(),
    clock: systemClock,
    timing: DEFAULT_TIMING,
    stop: new AbortController().signal,
    rateLimit: async () => null,
    look: () => undefined,
  };
}
