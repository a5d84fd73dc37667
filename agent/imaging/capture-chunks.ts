import { hash } from 'node:crypto';
import { CHUNK_SIZE_BYTES, chunkCount, chunkLength } from '../../src/contract/chunk-record.ts';
import { CodedSource } from './coded-source.ts';
import { ImagingControl } from './control.ts';
import { DiskReader } from './disk-reader.ts';
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
  const memory = workshop.buffer('raw chunk', CHUNK_SIZE_BYTES);
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
  let since = performance.now();
  const putZeros = (chunk: number) => {
    if (kept?.record(chunk)?.zero === false) kept.endAt(chunk);
    writer.putZeros(chunk);
    spend('light');
  };
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
    if (raw.length === CHUNK_SIZE_BYTES && holes.cover(chunk * CHUNK_SIZE_BYTES, CHUNK_SIZE_BYTES)) {
      putZeros(chunk);
      continue;
    }
    const begun = performance.now();
    const unread = reader.read(raw, chunk * CHUNK_SIZE_BYTES);
    const bad = unread.length > 0;
    if (bad) post({ kind: 'unreadable', ranges: unread });
    const readMs = performance.now() - begun;
    // Zeros that stand for bytes nobody knows are none.
    const zero = !bad && raw.equals(zeros.subarray(0, raw.length));
    if (zero && raw.length === CHUNK_SIZE_BYTES) {
      putZeros(chunk);
      continue;
    }
    const sha256 = hash('sha256', raw, 'buffer');
    const coded = source.code({ chunk, raw, sha256, bad }, room);
    writer.put({ chunk, rawLength: raw.length, sha256, zero, bad, ...coded });
    if (coded.origin === 'kept') spend('light');
    else {
      control.spend('reading', readMs);
      spend('heavy');
    }
  }
  writer.finish();
}
