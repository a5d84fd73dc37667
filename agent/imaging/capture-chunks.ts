import { CHUNK_SIZE_BYTES, chunkCount, chunkLength } from '../../src/contract/chunk-record.ts';
import { CodedSource } from './coded-source.ts';
import { ImagingControl } from './control.ts';
import { DiskReader } from './disk-reader.ts';
import { hasherOf } from './hasher.ts';
import { Holes } from './holes.ts';
import { ImageWriter } from './image-writer.ts';
import { KeptChunks } from './kept-chunks.ts';
import type { CaptureMessage, CaptureTask } from './tasks.ts';
import type { Workshop } from './workshop.ts';
import { WriteOrder } from './write-order.ts';

/** One worker's share of reading a disk into an image file. */
export function captureChunks(
  task: CaptureTask,
  workshop: Workshop,
  post: (message: CaptureMessage) => void,
): void {
  const control = new ImagingControl(task.control);
  const size = { sizeBytes: task.sizeBytes, chunkSizeBytes: CHUNK_SIZE_BYTES };
  const coder = workshop.codec(task.codec);
  post({ kind: 'codec-taken', maker: coder.maker, passedOver: coder.passedOver });
  const zeros = workshop.buffer('zeros', CHUNK_SIZE_BYTES);
  const kept = task.kept === null ? null : new KeptChunks(task.kept, workshop);
  const writer = new ImageWriter({
    ...task,
    ...{ chunkSizeBytes: CHUNK_SIZE_BYTES, coder, control, workshop, kept, post, zeros },
    order: WriteOrder.of(task.order),
    zeroHash: task.zeroHash,
  });
  const reader = new DiskReader(task, control);
  const source = new CodedSource({ coder, kept, previous: task.previous, post });
  const holes = new Holes(task.diskFd);
  const hashOf = hasherOf(task.chunkHash);
  const memory = workshop.buffer('raw chunk', CHUNK_SIZE_BYTES);

  const putZeros = (chunk: number) => {
    if (kept?.record(chunk)?.zero === false) kept.endAt(chunk);
    writer.putZeros(chunk);
  };
  /** Says whether it cost work, or next to none. */
  const capture = (chunk: number): 'heavy' | 'light' => {
    const raw = memory.subarray(0, chunkLength(size, chunk));
    const isWhole = raw.length === CHUNK_SIZE_BYTES;
    if (isWhole && holes.cover(chunk * CHUNK_SIZE_BYTES, CHUNK_SIZE_BYTES)) {
      putZeros(chunk);
      return 'light';
    }
    const begun = performance.now();
    const unread = reader.read(raw, chunk * CHUNK_SIZE_BYTES);
    const readMs = performance.now() - begun;
    const bad = unread.length > 0;
    if (bad) post({ kind: 'unreadable', ranges: unread });
    // Zeros that stand for bytes nobody knows are none.
    const zero = !bad && raw.equals(zeros.subarray(0, raw.length));
    if (zero && isWhole) {
      putZeros(chunk);
      return 'light';
    }
    const hash = hashOf(raw);
    // All that this thread took before has been put, so that this waits for other threads alone.
    const room = writer.room();
    if (room === undefined) return 'light';
    const coded = source.code({ chunk, raw, hash, bad }, room);
    writer.put({ chunk, rawLength: raw.length, hash, zero, bad, ...coded });
    if (coded.origin === 'kept') return 'light';
    control.spend('reading', readMs);
    return 'heavy';
  };

  for (;;) {
    const chunk = control.take(chunkCount(size), (number) => chunkLength(size, number));
    if (chunk === undefined) break;
    const begun = performance.now();
    const cost = capture(chunk);
    control.spend(cost, performance.now() - begun);
  }
  writer.finish();
}
