import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { CHUNK_SIZE_BYTES } from '../../src/contract/chunk-record.ts';
import { Failure } from '../failure.ts';
import { encodeChunk, zeroMember } from './codec.ts';
import { ImagingControl } from './control.ts';
import { onDisk, onShare, readFully, writeFully } from './device.ts';
import type { CapturedChunk, CaptureTask } from './tasks.ts';

/** Coded chunks that wait for their place: with fewer, a thread idles beside a slower one. */
const WAITING_CHUNKS = 6;

interface CodedChunk {
  chunk: number;
  rawLength: number;
  coded: Buffer;
  sha256: Uint8Array;
  zero: boolean;
}

/** One worker's share of reading a disk into an image file. */
export function captureChunks(task: CaptureTask, post: (chunk: CapturedChunk) => void): void {
  const control = new ImagingControl(task.control);
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_SIZE_BYTES, task.sizeBytes));
  const zeros = Buffer.alloc(buffer.length);
  const lengthOf = (chunk: number) => Math.min(CHUNK_SIZE_BYTES, task.sizeBytes - chunk * CHUNK_SIZE_BYTES);
  const total = Math.ceil(task.sizeBytes / CHUNK_SIZE_BYTES);
  const waiting: CodedChunk[] = [];

  for (;;) {
    const chunk = control.take(total, lengthOf);
    if (chunk === undefined) break;
    const raw = buffer.subarray(0, lengthOf(chunk));
    readChunk(task, raw, chunk);
    const zero = raw.equals(zeros.subarray(0, raw.length));
    waiting.push({
      chunk,
      rawLength: raw.length,
      coded: zero ? zeroMember(task.codec, raw.length) : encodeChunk(task.codec, raw),
      sha256: hash('sha256', raw, 'buffer'),
      zero,
    });
    while (writeFirst('try'));
    while (waiting.length >= WAITING_CHUNKS && writeFirst('wait'));
  }
  while (writeFirst('wait'));

  /** False when there is nothing that could be written (yet). */
  function writeFirst(wait: 'wait' | 'try'): boolean {
    const [first] = waiting;
    if (first === undefined) return false;
    const { coded } = first;
    const offset = control.place(first.chunk, coded.length, wait);
    if (offset === undefined) return false;
    waiting.shift();
    onShare('writing the image', () => writeFully(task.imageFd, coded, offset));
    control.count({
      done: first.rawLength,
      written: coded.length,
      skipped: first.zero ? first.rawLength : 0,
    });
    post({
      kind: 'captured',
      chunk: first.chunk,
      offset,
      length: coded.length,
      crc32: crc32(coded),
      sha256: first.sha256,
      zero: first.zero,
    });
    return true;
  }
}

function readChunk(task: CaptureTask, into: Buffer, chunk: number): void {
  const position = chunk * CHUNK_SIZE_BYTES;
  const count = onDisk(`reading the disk at byte ${position}`, () => readFully(task.diskFd, into, position));
  if (count === into.length) return;
  throw new Failure({
    class: 'box',
    code: 'disk-failed',
    message: `the disk ends at byte ${position + count}, before its size of ${task.sizeBytes} bytes`,
  });
}
