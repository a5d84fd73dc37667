import type { FileHandle } from 'node:fs/promises';
import type { OpenDisk } from '../machine.ts';
import { diskFailure } from './device.ts';
import type { IndexedSource, WorkerTask, WritableDisk } from './tasks.ts';
import { type Watch, watchWork } from './watch.ts';
import type { WorkerPool } from './worker-pool.ts';

/** A disk to write, held open. */
interface DeployTarget {
  open: OpenDisk;
  sizeBytes: number;
}

export interface Deploy {
  target: DeployTarget;
  pool: WorkerPool;
  watch: Watch;
}

/** Writes what differs of an image that was checked, and flushes the disk. */
export async function deployIndexed(deploy: Deploy, source: IndexedSource): Promise<void> {
  const control = deploy.watch.control.buffer;
  await runDeploy(deploy, { kind: 'deploy', control, source, disk: writable(deploy.target) });
}

/** The same for a gzip file of the original; `hashes` are those the check found. */
export async function deployPlain(deploy: Deploy, image: FileHandle, hashes: Uint8Array): Promise<void> {
  const control = deploy.watch.control.buffer;
  const disk = writable(deploy.target);
  await runDeploy(deploy, { kind: 'deploy-plain', control, imageFd: image.fd, hashes, disk });
}

async function runDeploy(deploy: Deploy, task: WorkerTask): Promise<void> {
  const { control } = deploy.watch;
  await watchWork(deploy.watch, () =>
    deploy.pool.run({
      task,
      threads: task.kind === 'deploy-plain' ? 'one' : 'all',
      onFailure: () => control.stop(),
    }),
  );
  await flush(deploy.target.open);
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
  return { fd: target.open.fd, directFd: target.open.directFd, sizeBytes: target.sizeBytes };
}
