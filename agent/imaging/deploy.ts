import type { FileHandle } from 'node:fs/promises';
import { chunkCount } from '../../src/contract/chunk-record.ts';
import type { DiskFit } from '../../src/contract/report.ts';
import type { OpenDisk } from '../machine.ts';
import { ApproachModel, type ApproachOutcome } from './approach.ts';
import { Checkpoints } from './checkpoints.ts';
import { diskFailure, isBlockDevice } from './device.ts';
import type { IndexedSource, WorkerTask, WritableDisk } from './tasks.ts';
import { trimDisk } from './trim.ts';
import { type Watch, watchWork } from './watch.ts';
import type { WorkerPool } from './worker-pool.ts';

const HASH_BYTES = 32;

/** A disk to write, held open. */
interface DeployTarget {
  open: OpenDisk;
  sizeBytes: number;
}

export interface Deploy {
  target: DeployTarget;
  pool: WorkerPool;
  watch: Watch;
  /** Trims the disk first; `failed` hears why that was not possible, and the deploy goes on. */
  trim?: { failed: (why: string) => Promise<void> };
  /** An earlier deploy of the same image was interrupted on this disk: what it brought there stays. */
  resumed?: boolean;
}

/** Writes what differs of an image whose index was proved, and flushes the disk. */
export async function deployIndexed(deploy: Deploy, source: IndexedSource): Promise<ApproachOutcome> {
  const control = deploy.watch.control.buffer;
  return await runDeploy(deploy, chunkCount(source), (approach) => ({
    kind: 'deploy',
    control,
    source,
    disk: writable(deploy.target),
    approach,
  }));
}

/** The same for a gzip file of the original; `hashes` are those the check found. */
export async function deployPlain(
  deploy: Deploy,
  image: FileHandle,
  hashes: Uint8Array,
): Promise<ApproachOutcome> {
  const control = deploy.watch.control.buffer;
  const disk = writable(deploy.target);
  return await runDeploy(deploy, hashes.length / HASH_BYTES, (approach) => ({
    kind: 'deploy-plain',
    control,
    imageFd: image.fd,
    hashes,
    disk,
    approach,
  }));
}

async function runDeploy(
  deploy: Deploy,
  chunks: number,
  taskWith: (approach: SharedArrayBuffer) => WorkerTask,
): Promise<ApproachOutcome> {
  const { control, stop, clock, timing } = deploy.watch;
  const model = ApproachModel.forChunks(chunks, { resumed: deploy.resumed ?? false });
  const task = taskWith(model.buffer);
  if (deploy.trim !== undefined) {
    control.beginWrites();
    const { open, sizeBytes } = deploy.target;
    const failed = await trimDisk({ fd: open.fd, sizeBytes }, stop);
    // What a trimmed disk holds is undefined, so that nothing found there could stay.
    if (failed === null) model.onlyWrite();
    else await deploy.trim.failed(failed);
  }
  const disk = deploy.target.open;
  const threads = task.kind === 'deploy-plain' ? 'one' : (await isBlockDevice(disk.fd)) ? 'all' : 'cores';
  const checkpoints = new Checkpoints({ disk, control, clock, everyMs: timing.checkpointMs });
  const look = async () => {
    checkpoints.look();
    await deploy.watch.look();
  };
  try {
    await watchWork({ ...deploy.watch, look }, () =>
      deploy.pool.run({
        task,
        threads,
        onFailure: () => control.stop(),
      }),
    );
  } finally {
    await checkpoints.quiet();
  }
  checkpoints.requireSound();
  await flush(deploy.target.open);
  return model.outcome;
}

/** Makes a larger disk fit its image, which was deployed to it, and flushes it again. */
export async function fitDisk(fit: {
  target: DeployTarget;
  pool: WorkerPool;
  imageBytes: number;
  sectorSizeBytes: number;
}): Promise<DiskFit> {
  const { target, pool, imageBytes, sectorSizeBytes } = fit;
  const found: DiskFit[] = [];
  await pool.run({
    task: { kind: 'fit', disk: writable(target), imageBytes, sectorSizeBytes },
    threads: 'one',
    onResult: (result) => {
      if (result.kind === 'fitted') found.push(result.outcome);
    },
    onFailure: () => undefined,
  });
  await flush(target.open);
  const [outcome] = found;
  if (outcome === undefined) throw new Error('fitting the disk ended without a word');
  return outcome;
}

/** What the system took and could not write is told only here. */
async function flush(disk: OpenDisk): Promise<void> {
  try {
    await disk.sync();
  } catch (cause) {
    throw diskFailure('flushing the disk', cause);
  }
}

function writable(target: DeployTarget): WritableDisk {
  const { fd, directFd, directWriteFd = null } = target.open;
  return { fd, directFd, directWriteFd, sizeBytes: target.sizeBytes };
}
