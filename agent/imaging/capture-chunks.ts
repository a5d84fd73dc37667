import { hash } from 'node:crypto';
import { CHUNK_SIZE_BYTES, chunkCount, chunkLength } from '../../src/contract/chunk-record.ts';
import { errorCode, Failure } from '../failure.ts';
import { CodedSource } from './coded-source.ts';
import { ImagingControl } from './control.ts';
import { onDisk, readFully } from './device.ts';
import { ImageWriter } from './image-writer.ts';
import { KeptChunks } from './kept-chunks.ts';
import type { CapturedChunks, CaptureTask, CodecTaken, DamagedBefore } from './tasks.ts';
import type { Workshop } from './workshop.ts';
import { WriteOrder } from './write-order.ts';

/** One worker's share of reading a disk into an image file. */
export function captureChunks(
  task: CaptureTask,
  workshop: Workshop,
  post: (message: CapturedChunks | CodecTaken | DamagedBefore) => void,
): void {
  const control = new ImagingControl(task.control);
  const size = { sizeBytes: task.sizeBytes, chunkSizeBytes: CHUNK_SIZE_BYTES };
  const coder = workshop.codec(task.codec);
  post({ kind: 'codec-taken', maker: coder.maker, passedOver: coder.passedOver });
  const memory = workshop.buffer('raw chunk', CHUNK_SIZE_BYTES);
  const zeros = workshop.buffer('zeros', CHUNK_SIZE_BYTES);
  const kept = task.kept === null ? null : new KeptChunks(task.kept, workshop);
  const writer = new ImageWriter({
    ...task,
    ...{ chunkSizeBytes: CHUNK_SIZE_BYTES, coder, control, workshop, kept, post, zeros },
    order: WriteOrder.of(task.order),
    zeroHash: task.zeroHash,
  });
  const reader = new DiskReader(task);
  const source = new CodedSource({ coder, kept, previous: task.previous, post });
  let since = performance.now();
  const spend = (on: 'heavy' | 'light') => {
    const now = performance.now();
    control.spend(on, now - since);
    since = now;
  };
  for (;;) {
    const room = writer.room();
    if (room === undefined) break;
    const chunk = control.take(chunkCount(size), (number) => chunkLength(size, number));
    if (chunk === undefined) break;
    const raw = memory.subarray(0, chunkLength(size, chunk));
    const begun = performance.now();
    reader.read(raw, chunk * CHUNK_SIZE_BYTES);
    const readMs = performance.now() - begun;
    const zero = raw.equals(zeros.subarray(0, raw.length));
    if (zero && raw.length === CHUNK_SIZE_BYTES) {
      if (kept?.record(chunk)?.zero === false) kept.endAt(chunk);
      writer.putZeros(chunk);
      spend('light');
      continue;
    }
    const sha256 = hash('sha256', raw, 'buffer');
    const coded = source.code({ chunk, raw, sha256 }, room);
    writer.put({ chunk, rawLength: raw.length, sha256, zero, ...coded });
    if (coded.origin === 'kept') spend('light');
    else {
      control.spend('reading', readMs);
      spend('heavy');
    }
  }
  writer.finish();
}

/** Reads past the page cache where that is possible: nobody will read the disk again soon. */
class DiskReader {
  readonly #task: CaptureTask;
  #directFd: number | null;

  constructor(task: CaptureTask) {
    this.#task = task;
    this.#directFd = task.directFd;
  }

  read(into: Buffer, position: number): void {
    const count = onDisk(`reading the disk at byte ${position}`, () => this.#read(into, position));
    if (count === into.length) return;
    throw new Failure({
      class: 'box',
      code: 'disk-failed',
      message: `the disk ends at byte ${position + count}, before its size of ${this.#task.sizeBytes} bytes`,
    });
  }

  #read(into: Buffer, position: number): number {
    if (this.#directFd !== null) {
      try {
        return readFully(this.#directFd, into, position);
      } catch (error) {
        // What asks for more than it gets by this memory or length is read the usual way.
        if (errorCode(error) !== 'EINVAL') throw error;
        this.#directFd = null;
      }
    }
    return readFully(this.#task.diskFd, into, position);
  }
}
