import type { ByteRange } from '../../src/contract/byte-range.ts';
import type { ChunkHash } from '../../src/contract/chunk-hash.ts';
import type { Codec } from '../../src/contract/plan.ts';
import type { DiskFit, FailureClass } from '../../src/contract/report.ts';
import type { KeptImage } from './kept-chunks.ts';
import type { StoredImage } from './stored-chunks.ts';

/** A disk a worker may write. */
export interface WritableDisk {
  fd: number;
  directFd: number | null;
  /** Writes past the page cache; null where that isn't possible. */
  directWriteFd: number | null;
  sizeBytes: number;
}

/** An image whose index has been read through and proved. */
export interface IndexedSource {
  imageFd: number;
  indexFd: number;
  /** Where the records begin in the index. */
  recordsAt: number;
  sizeBytes: number;
  chunkSizeBytes: number;
  codec: Codec;
  chunkHash: ChunkHash;
}

export interface CaptureTask {
  kind: 'capture';
  control: SharedArrayBuffer;
  /** Of the `WriteOrder`. */
  order: SharedArrayBuffer;
  diskFd: number;
  /** Reads past the page cache; null where that doesn't pay. */
  directFd: number | null;
  imageFd: number;
  sizeBytes: number;
  sectorSizeBytes: number;
  codec: Codec;
  chunkHash: ChunkHash;
  /** Of a whole chunk of zeros. */
  zeroHash: Uint8Array;
  /** What the disk's last image has; its index was proved. */
  previous: StoredImage | null;
  /** What an attempt that was cut off has left in the image. */
  kept: KeptImage | null;
}
export interface CheckTask {
  kind: 'check';
  control: SharedArrayBuffer;
  source: IndexedSource;
}
export interface DeployTask {
  kind: 'deploy';
  control: SharedArrayBuffer;
  source: IndexedSource;
  disk: WritableDisk;
  /** What the threads learn of the disk. */
  approach: SharedArrayBuffer;
}
export interface CheckPlainTask {
  kind: 'check-plain';
  control: SharedArrayBuffer;
  imageFd: number;
}
export interface DeployPlainTask {
  kind: 'deploy-plain';
  control: SharedArrayBuffer;
  imageFd: number;
  /** Of each chunk, 32 bytes each, as the check found them. */
  hashes: Uint8Array;
  disk: WritableDisk;
  approach: SharedArrayBuffer;
}

/** A larger disk, with its image on it. */
interface FitTask {
  kind: 'fit';
  disk: WritableDisk;
  imageBytes: number;
  sectorSizeBytes: number;
}

/** What main asks of a worker. Only numbers, descriptors and shared memory: no bytes of a disk cross. */
export type WorkerTask = CaptureTask | CheckTask | DeployTask | CheckPlainTask | DeployPlainTask | FitTask;

/** Said once by each thread before its first chunk. */
export interface CodecTaken {
  kind: 'codec-taken';
  /** For people. */
  maker: string;
  passedOver: readonly string[];
}
/** A chunk that was captured and written to the image file, or a row of equal ones. */
export interface CapturedChunks {
  kind: 'captured';
  /** The first one. */
  chunk: number;
  count: number;
  /** Of the first one; the others follow. */
  offset: number;
  /** Of each. */
  length: number;
  crc32: number;
  hash: Uint8Array;
  zero: boolean;
  /** Zeros stand where bytes could not be read. */
  bad: boolean;
  origin: ChunkOrigin;
}
/** Where coded bytes come from: `taken` from the disk's last image; `kept` ones stood there already. */
export type ChunkOrigin = 'coded' | 'taken' | 'kept';
/** A chunk of the disk's last image that is not what its index says; it was coded anew. */
export interface DamagedBefore {
  kind: 'damaged-before';
  chunk: number;
}
/** What the disk did not give, however often it was asked. */
interface Unreadable {
  kind: 'unreadable';
  ranges: readonly ByteRange[];
}
/** A chunk of a plain image, in order. */
export interface SeenChunk {
  kind: 'seen';
  length: number;
  hash: Uint8Array;
}
interface Fitted {
  kind: 'fitted';
  outcome: DiskFit;
}
/** What a capture tells. */
export type CaptureMessage = CodecTaken | CapturedChunks | DamagedBefore | Unreadable;
export type WorkerResult = CaptureMessage | SeenChunk | Fitted;

export type WorkerMessage =
  | WorkerResult
  | { kind: 'finished' }
  | { kind: 'failed'; failure: { class: FailureClass; code: string; message: string } };
