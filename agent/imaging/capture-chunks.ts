import { CHUNK_SIZE_BYTES, chunkCount, chunkLength } from '../../src/contract/chunk-record.ts';
import { CodedSource } from './coded-source.ts';
import { ImagingControl } from './control.ts';
import { DiskReader } from './disk-reader.ts';
import { Holes } from './holes.ts';
import { ImageWriter } from './image-writer.ts';
import { KeptChunks } from './kept-chunks.ts';
import { type Hashing, sha256, sideBySide } from './side-by-side.ts';
import type { CaptureMessage, CaptureTask } from './tasks.ts';
import type { LaneShop, Workshop } from './workshop.ts';
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

  const putZeros = (chunk: number) => {
    if (kept?.record(chunk)?.zero === false) kept.endAt(chunk);
    writer.putZeros(chunk);
  };
  sideBySide(workshop.hasher, workshop.lanes(), (lane) => {
    const chunk = control.take(chunkCount(size), (number) => chunkLength(size, number));
    return chunk === undefined ? undefined : capture(chunk, lane);
  });
  writer.finish();

  function* capture(chunk: number, { buffer, clock }: LaneShop): Hashing<void> {
    const begunNs = clock.elapsedNs;
    const spentMs = () => (clock.elapsedNs - begunNs) / 1e6;
    const raw = buffer('raw chunk', CHUNK_SIZE_BYTES).subarray(0, chunkLength(size, chunk));
    const isWhole = raw.length === CHUNK_SIZE_BYTES;
    if (isWhole && holes.cover(chunk * CHUNK_SIZE_BYTES, CHUNK_SIZE_BYTES)) {
      putZeros(chunk);
      return control.spend('light', spentMs());
    }
    const unread = reader.read(raw, chunk * CHUNK_SIZE_BYTES);
    const bad = unread.length > 0;
    if (bad) post({ kind: 'unreadable', ranges: unread });
    const readMs = spentMs();
    // Zeros that stand for bytes nobody knows are none.
    const zero = !bad && raw.equals(zeros.subarray(0, raw.length));
    if (zero && isWhole) {
      putZeros(chunk);
      return control.spend('light', spentMs());
    }
    const hash = yield* sha256(raw);
    // Chunks of this thread that were taken before this one have been put, so that this waits for
    // other threads alone.
    const room = writer.room();
    if (room === undefined) return;
    const coded = source.code({ chunk, raw, sha256: hash, bad }, room);
    writer.put({ chunk, rawLength: raw.length, sha256: hash, zero, bad, ...coded });
    if (coded.origin === 'kept') return control.spend('light', spentMs());
    control.spend('reading', readMs);
    control.spend('heavy', spentMs());
  }
}
