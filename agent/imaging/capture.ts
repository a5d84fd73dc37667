import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from '../../src/contract/byte-range.ts';
import type { ChunkHash } from '../../src/contract/chunk-hash.ts';
import type { Sha256 } from '../../src/contract/ids.ts';
import {
  CHUNK_SIZE_BYTES,
  chunkCount,
  ImageIndexEncoder,
  type ImageIndexHeader,
} from '../../src/contract/image-index.ts';
import type { OpenDisk } from '../machine.ts';
import { openCaptureFiles } from './capture-files.ts';
import { CaptureFlush } from './capture-flush.ts';
import { CaptureTally } from './capture-tally.ts';
import { isBlockDevice } from './device.ts';
import { fastestHash, hasherOf } from './hasher.ts';
import { IndexWriter } from './index-writer.ts';
import { keptImage } from './kept-chunks.ts';
import type { StoredImage } from './stored-chunks.ts';
import type { CaptureTask, IndexedSource } from './tasks.ts';
import { type Watch, watchWork } from './watch.ts';
import type { WorkerPool } from './worker-pool.ts';
import { WriteOrder } from './write-order.ts';

export interface Capture {
  disk: OpenDisk;
  imagePath: string;
  indexPath: string;
  header: Omit<ImageIndexHeader, 'format' | 'version' | 'chunkSizeBytes' | 'chunkHash'>;
  /** Goes on with the files that an attempt of the same header left; else there must be none. */
  goOn?: boolean;
  /** The disk's last image, with the same codec and chunks; what is unchanged is taken from it. */
  previous?: IndexedSource | null;
  pool: WorkerPool;
  watch: Watch;
}

export interface Captured {
  imageHash: Sha256;
  /** Size of the image. */
  codedBytes: number;
  /** Of these, taken over from the disk's last image. */
  takenBytes: number;
  /** Of these, already there from an attempt that was cut off. */
  keptBytes: number;
  /** Chunks of the last image that are not what its index says, and were coded anew. */
  damagedBefore: number;
  /** What the disk did not give, in order; zeros stand for it. */
  unread: readonly ByteRange[];
  /** Who coded the chunks, for people. */
  coder: string;
  /** By what they were hashed. */
  chunkHash: ChunkHash;
}

/** Reads a disk into an image file and its index, flushed and read-only when it returns. */
export async function captureDisk(capture: Capture): Promise<Captured> {
  const { disk, watch } = capture;
  const header: ImageIndexHeader = {
    format: 'testbox-image-index',
    version: 2,
    chunkSizeBytes: CHUNK_SIZE_BYTES,
    chunkHash: fastestHash(),
    ...capture.header,
  };
  const text = new ImageIndexEncoder().header(header);
  await using files = await openCaptureFiles({ goOn: false, ...capture }, { text, header });
  const { image, index, stored } = files;
  const writer = new IndexWriter(index, header);
  const chunks = chunkCount(header);
  const flush = new CaptureFlush({ image, index, writer, clock: watch.clock, chunks });
  const order = WriteOrder.make(chunks);
  const tally = new CaptureTally(writer, header);
  const waits = await isBlockDevice(disk.fd);
  const task: CaptureTask = {
    kind: 'capture',
    control: watch.control.buffer,
    order: order.buffer,
    diskFd: disk.fd,
    // Files that stand for disks are in the page cache, where reading them past it only costs.
    directFd: waits ? disk.directFd : null,
    imageFd: image.fd,
    sizeBytes: header.sizeBytes,
    sectorSizeBytes: header.sectorSizeBytes,
    codec: header.codec,
    chunkHash: header.chunkHash,
    zeroHash: hasherOf(header.chunkHash)(Buffer.alloc(CHUNK_SIZE_BYTES)),
    previous: storedImage(capture.previous ?? null, header),
    kept: stored === null ? null : keptImage(stored),
  };
  await watchWork(watch, () =>
    flushing(flush, watch, () =>
      capture.pool.run({
        task,
        threads: waits ? 'all' : 'cores',
        onResult: (result) => {
          tally.add(result);
          flush.look();
        },
        onFailure: () => watch.control.stop(),
      }),
    ),
  );
  // An attempt that was cut off may have come further, with other bytes.
  await image.truncate(order.placedBytes);
  await seal(image);
  const imageHash = await writer.finish();
  await seal(index);
  return { imageHash, codedBytes: order.placedBytes, chunkHash: header.chunkHash, ...tally.sums() };
}

/** Null where its chunks are not those that this capture would make. */
function storedImage(previous: IndexedSource | null, header: ImageIndexHeader): StoredImage | null {
  if (previous === null || previous.codec !== header.codec) return null;
  if (previous.chunkSizeBytes !== header.chunkSizeBytes) return null;
  if (previous.chunkHash !== header.chunkHash) return null;
  const { imageFd, indexFd, recordsAt } = previous;
  return { imageFd, indexFd, recordsAt, chunks: chunkCount(previous) };
}

/** @throws what the work threw, or a write error that a flush found */
async function flushing(flush: CaptureFlush, watch: Watch, work: () => Promise<void>): Promise<void> {
  const flushes = flush.run().catch((error: unknown) => {
    watch.control.stop();
    throw error;
  });
  const ends = await Promise.allSettled([work().finally(() => flush.end()), flushes]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** A write error that the system kept to itself until now is thrown here. */
async function seal(file: FileHandle): Promise<void> {
  await file.chmod(0o444);
  await file.sync();
}
