import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { systemClock } from '../../agent/clock.ts';
import { captureDisk } from '../../agent/imaging/capture.ts';
import { ImagingControl } from '../../agent/imaging/control.ts';
import { deployIndexed } from '../../agent/imaging/deploy.ts';
import { openIndexed } from '../../agent/imaging/source.ts';
import { checkIndexed } from '../../agent/imaging/verify.ts';
import type { Watch } from '../../agent/imaging/watch.ts';
import { type WorkerPool, withPool } from '../../agent/imaging/worker-pool.ts';
import { openDiskFile } from '../../agent/machine/open-files.ts';
import { DEFAULT_TIMING } from '../../agent/timing.ts';
import { DiskSlot } from '../../src/contract/disk.ts';
import { JobId } from '../../src/contract/ids.ts';
import { Codec } from '../../src/contract/plan.ts';

// The program that the bench times for us: `imaging.ts capture|deploy CODEC DISK IMAGE [PREVIOUS]`.
// It does what the agent's backup and restore do between opening and flushing, and writes what it
// took into the file that $told names.

const SECTOR_BYTES = 512;
const HASH_BYTES = 32;
const SLOT = DiskSlot.parse('sda');
const IDENTITY = { wwn: null, model: 'BENCH', serial: 'BENCH-1', path: null };

const [work, codecName, diskPath = '', imagePath = ''] = process.argv.slice(2);
const codec = Codec.parse(codecName);
const threads = Number(process.env.threads ?? availableParallelism() + 1);
const workers = { entry: new URL('./worker.cjs', import.meta.url), size: threads };
const KIBIBYTE = 1024;
withPool(workers, work === 'capture' ? capture : deploy)
  .then(tell)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

async function tell(coder: string): Promise<void> {
  const peakBytes = process.resourceUsage().maxRSS * KIBIBYTE;
  if (process.env.told !== undefined) await writeFile(process.env.told, JSON.stringify({ peakBytes, coder }));
}

/** Gives who coded. */
async function capture(pool: WorkerPool): Promise<string> {
  const indexPath = `${imagePath}.index`;
  await Promise.all([rm(imagePath, { force: true }), rm(indexPath, { force: true })]);
  const { size } = await stat(diskPath);
  const disk = await openDiskFile(diskPath, { access: 'read', exclusive: false });
  const { coder } = await captureDisk({
    disk,
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
  return coder;
}

async function deploy(pool: WorkerPool): Promise<string> {
  const { size } = await stat(diskPath);
  const { size: codedBytes } = await stat(imagePath);
  const image = await openIndexed({
    boxDirectory: dirname(imagePath),
    slot: SLOT,
    image: {
      kind: 'indexed',
      file: basename(imagePath),
      codec,
      sizeBytes: size,
      sectorSizeBytes: SECTOR_BYTES,
      codedBytes,
      indexHash: (await readFile(`${imagePath}.index`)).subarray(-HASH_BYTES).toString('hex'),
      generation: 1,
    },
    disk: { sizeBytes: size, sectorSizeBytes: SECTOR_BYTES },
  });
  await checkIndexed({ pool, watch: watch() }, image.source);
  const disk = await openDiskFile(diskPath, { access: 'write', exclusive: false });
  await deployIndexed({ target: { open: disk, sizeBytes: size }, pool, watch: watch() }, image.source);
  await disk.close();
  await image.close();
  return '';
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
