import { hash } from 'node:crypto';
import { fstat } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { assertNever } from '../../src/contract/assert-never.ts';
import type { Sha256 } from '../../src/contract/ids.ts';
import { CHUNK_SIZE_BYTES, chunkCount, type ImageIndexHeader } from '../../src/contract/image-index.ts';
import type { Clock } from '../clock.ts';
import type { OpenDisk } from '../machine.ts';
import { IndexWriter } from './index-writer.ts';
import type { StoredImage } from './stored-chunks.ts';
import type { CapturedChunks, CaptureTask, CodecTaken, IndexedSource, WorkerResult } from './tasks.ts';
import { type Watch, watchWork } from './watch.ts';
import type { WorkerPool } from './worker-pool.ts';
import { WriteOrder } from './write-order.ts';

/** The image file is flushed as often while it grows: at the end little is left to wait for. */
const FLUSH_MS = 1_000;

export interface Capture {
  disk: OpenDisk;
  imagePath: string;
  indexPath: string;
  header: Omit<ImageIndexHeader, 'format' | 'version' | 'chunkSizeBytes'>;
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
  /** Chunks of the last image that are not what its index says, and were coded anew. */
  damagedBefore: number;
  /** Who coded the chunks, for people. */
  coder: string;
}

/**
 * Reads a disk into an image file and its index, both new, flushed and read-only when it
 * returns.
 */
export async function captureDisk(capture: Capture): Promise<Captured> {
  const { disk, watch } = capture;
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
  const order = WriteOrder.make(chunkCount(header));
  const tally = new Tally(writer);
  const task: CaptureTask = {
    kind: 'capture',
    control: watch.control.buffer,
    order: order.buffer,
    diskFd: disk.fd,
    directFd: (await isBlockDevice(disk.fd)) ? disk.directFd : null,
    imageFd: image.fd,
    sizeBytes: header.sizeBytes,
    codec: header.codec,
    zeroHash: hash('sha256', Buffer.alloc(CHUNK_SIZE_BYTES), 'buffer'),
    previous: storedImage(capture.previous ?? null, header),
  };
  await watchWork(watch, () =>
    flushing(image, watch, () =>
      capture.pool.run({
        task,
        threads: 'all',
        onResult: (result) => tally.add(result),
        onFailure: () => watch.control.stop(),
      }),
    ),
  );
  const imageHash = await writer.finish();
  await seal(image);
  await seal(index);
  return { imageHash, codedBytes: order.placedBytes, ...tally.sums() };
}

/** Null where its chunks are not those that this capture would make. */
function storedImage(previous: IndexedSource | null, header: ImageIndexHeader): StoredImage | null {
  if (previous === null || previous.codec !== header.codec) return null;
  if (previous.chunkSizeBytes !== header.chunkSizeBytes) return null;
  const { imageFd, indexFd, recordsAt } = previous;
  return { imageFd, indexFd, recordsAt, chunks: chunkCount(previous) };
}

/** What the threads have told. */
class Tally {
  readonly #writer: IndexWriter;
  readonly #coders = new Set<string>();
  #takenBytes = 0;
  #damagedBefore = 0;

  constructor(writer: IndexWriter) {
    this.#writer = writer;
  }

  add(result: WorkerResult): void {
    switch (result.kind) {
      case 'codec-taken':
        this.#coders.add(coderText(result));
        return;
      case 'captured':
        addRecords(this.#writer, result);
        if (result.origin === 'taken') this.#takenBytes += result.length;
        return;
      case 'damaged-before':
        this.#damagedBefore += 1;
        return;
      case 'seen':
      case 'fitted':
        throw new Error(`a capture gives no "${result.kind}"`);
      default:
        assertNever(result);
    }
  }

  sums(): Pick<Captured, 'takenBytes' | 'damagedBefore' | 'coder'> {
    return {
      takenBytes: this.#takenBytes,
      damagedBefore: this.#damagedBefore,
      coder: [...this.#coders].join(', '),
    };
  }
}

function addRecords(writer: IndexWriter, result: CapturedChunks): void {
  const { offset, length, crc32, zero } = result;
  const sha256 = Buffer.from(result.sha256);
  for (let at = 0; at < result.count; at += 1) {
    const record = { offset: offset + at * length, length, crc32, zero, bad: false, sha256 };
    writer.add(result.chunk + at, record);
  }
}

function coderText({ maker, passedOver }: CodecTaken): string {
  return passedOver.length === 0 ? maker : `${maker} (passed over ${passedOver.join('; ')})`;
}

/** Files that stand for disks are in the page cache, where reading them past it only costs. */
async function isBlockDevice(fd: number): Promise<boolean> {
  return (await promisify(fstat)(fd)).isBlockDevice();
}

/** @throws what the work threw, or a write error that a flush found */
async function flushing(file: FileHandle, watch: Watch, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const flushes = flushNowAndThen(file, watch.clock, over.signal).catch((error: unknown) => {
    watch.control.stop();
    throw error;
  });
  const ends = await Promise.allSettled([work().finally(() => over.abort()), flushes]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function flushNowAndThen(file: FileHandle, clock: Clock, over: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(FLUSH_MS, over);
    if (over.aborted) return;
    await file.datasync();
  }
}

/** A write error that the system kept to itself until now is thrown here. */
async function seal(file: FileHandle): Promise<void> {
  await file.chmod(0o444);
  await file.sync();
}
