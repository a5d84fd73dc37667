import { type FileHandle, open } from 'node:fs/promises';
import type { Sha256 } from '../../src/contract/ids.ts';
import { CHUNK_SIZE_BYTES, type ImageIndexHeader } from '../../src/contract/image-index.ts';
import type { OpenDisk } from '../machine.ts';
import { IndexWriter } from './index-writer.ts';
import type { WorkerResult } from './tasks.ts';
import { type Watch, watchWork } from './watch.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface Capture {
  disk: OpenDisk;
  imagePath: string;
  indexPath: string;
  header: Omit<ImageIndexHeader, 'format' | 'version' | 'chunkSizeBytes'>;
  pool: WorkerPool;
  watch: Watch;
}

/**
 * Reads a disk into an image file and its index, both new, flushed and read-only when it
 * returns.
 */
export async function captureDisk(capture: Capture): Promise<{ imageHash: Sha256; codedBytes: number }> {
  const { control } = capture.watch;
  await using files = new AsyncDisposableStack();
  const image = files.adopt(await open(capture.imagePath, 'wx', 0o644), (file) => file.close());
  const index = files.adopt(await open(capture.indexPath, 'wx', 0o644), (file) => file.close());
  const header: ImageIndexHeader = {
    format: 'testbox-image-index',
    version: 1,
    chunkSizeBytes: CHUNK_SIZE_BYTES,
    ...capture.header,
  };
  const writer = new IndexWriter(index, header);
  await watchWork(capture.watch, () =>
    capture.pool.run({
      task: {
        kind: 'capture',
        control: control.buffer,
        diskFd: capture.disk.fd,
        imageFd: image.fd,
        sizeBytes: header.sizeBytes,
        codec: header.codec,
      },
      threads: 'all',
      onResult: (result) => addRecord(writer, result),
      onFailure: () => control.stop(),
    }),
  );
  const imageHash = await writer.finish();
  await seal(image);
  await seal(index);
  return { imageHash, codedBytes: control.placedBytes };
}

function addRecord(writer: IndexWriter, result: WorkerResult): void {
  if (result.kind !== 'captured') return;
  const { offset, length, crc32, zero } = result;
  writer.add(result.chunk, { offset, length, crc32, zero, bad: false, sha256: Buffer.from(result.sha256) });
}

/** A write error that the system kept to itself until now is thrown here. */
async function seal(file: FileHandle): Promise<void> {
  await file.chmod(0o444);
  await file.sync();
}
