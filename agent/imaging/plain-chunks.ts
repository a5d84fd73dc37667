import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CHUNK_SIZE_BYTES } from '../../src/contract/chunk-record.ts';
import { describeError, errorCode, Failure } from '../failure.ts';
import { ApproachModel } from './approach.ts';
import { openBlockDevice } from './block-device.ts';
import { ImagingControl } from './control.ts';
import { onShare, readFully } from './device.ts';
import { DiskWriter } from './disk-writer.ts';
import { fastestHash, hasherOf } from './hasher.ts';
import type { CheckPlainTask, DeployPlainTask, SeenChunk } from './tasks.ts';
import type { Workshop } from './workshop.ts';

const STREAM_BYTES = 1024 * 1024;
const HASH_BYTES = 32;

/** Reads a gzip file of the original through and tells the hash of each chunk. */
export async function checkPlain(task: CheckPlainTask, post: (chunk: SeenChunk) => void): Promise<void> {
  const control = new ImagingControl(task.control);
  const hashOf = hasherOf(fastestHash());
  await eachChunk(task.imageFd, control, (raw) => {
    post({ kind: 'seen', length: raw.length, hash: hashOf(raw) });
    control.count({ done: raw.length });
  });
}

/** Writes a gzip file of the original, which must still be what the check saw, to a disk. */
export async function deployPlain(task: DeployPlainTask, workshop: Workshop): Promise<void> {
  const control = new ImagingControl(task.control);
  const hashOf = hasherOf(fastestHash());
  const writer = new DiskWriter({
    device: openBlockDevice(task.disk),
    control,
    model: ApproachModel.shared(task.approach),
    workshop,
    hashOf,
    chunkSizeBytes: CHUNK_SIZE_BYTES,
  });
  const hashes = Buffer.from(task.hashes.buffer, task.hashes.byteOffset, task.hashes.byteLength);
  const zeros = workshop.buffer('zeros', CHUNK_SIZE_BYTES);
  let chunk = 0;
  await eachChunk(task.imageFd, control, (raw) => {
    const hash = hashes.subarray(chunk * HASH_BYTES, (chunk + 1) * HASH_BYTES);
    if (!hashOf(raw).equals(hash)) {
      throw new Failure({
        class: 'storage',
        code: 'image-damaged',
        message: `the image changed after it was checked, in chunk ${chunk}`,
      });
    }
    const zero = raw.equals(zeros.subarray(0, raw.length));
    writer.put({
      number: chunk,
      position: chunk * CHUNK_SIZE_BYTES,
      length: raw.length,
      hash: zero ? null : hash,
      bytes: () => raw,
    });
    chunk += 1;
  });
}

/** Stops quietly at a stop; who asked for it knows. */
async function eachChunk(
  imageFd: number,
  control: ImagingControl,
  use: (raw: Buffer) => void,
): Promise<void> {
  const memory = Buffer.allocUnsafeSlow(CHUNK_SIZE_BYTES);
  let filled = 0;
  const flush = () => {
    const raw = memory.subarray(0, filled);
    filled = 0;
    if (control.take(Number.POSITIVE_INFINITY, () => raw.length) === undefined) return false;
    use(raw);
    return true;
  };
  try {
    await pipeline(piecesOf(imageFd), createGunzip({ chunkSize: STREAM_BYTES }), async (pieces) => {
      for await (const piece of pieces) {
        for (let at = 0; at < piece.length; ) {
          const count = piece.copy(memory, filled, at);
          filled += count;
          at += count;
          if (filled === memory.length && !flush()) return;
        }
      }
      if (filled > 0) flush();
    });
  } catch (error) {
    // A pipeline that is left early complains of it.
    if (control.stopped && !(error instanceof Failure)) return;
    throw plainFailure(error);
  }
}

/** Not a ReadStream: one that is destroyed closes its descriptor, which belongs to the main thread. */
function* piecesOf(fd: number): Generator<Buffer> {
  for (let position = 0; ; ) {
    const piece = Buffer.allocUnsafeSlow(STREAM_BYTES);
    const at = position;
    const count = onShare('reading the image', () => readFully(fd, piece, at));
    if (count === 0) return;
    yield piece.subarray(0, count);
    position += count;
  }
}

function plainFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  const truncated = code === 'Z_BUF_ERROR';
  const damaged = code?.startsWith('Z_') ?? false;
  return new Failure({
    class: 'storage',
    code: truncated ? 'image-truncated' : damaged ? 'image-damaged' : 'share-failed',
    message: truncated ? 'the image ends too early' : `the image can't be read: ${describeError(error)}`,
    cause: error,
  });
}
