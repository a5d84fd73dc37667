import { assertNever } from '../../src/contract/assert-never.ts';
import { type ByteRange, bytesOf } from '../../src/contract/byte-range.ts';
import { Failure } from '../failure.ts';
import type { Captured } from './capture.ts';
import type { IndexWriter } from './index-writer.ts';
import { joined } from './salvage.ts';
import type { CapturedChunks, ChunkOrigin, CodecTaken, WorkerResult } from './tasks.ts';

/** A disk that loses more than the larger of these has failed: its image would help nobody. */
const MOST_UNREAD_BYTES = 64 * 1024 * 1024;
const MOST_UNREAD_SHARE = 0.001;

/** What the threads have told. */
export class CaptureTally {
  readonly #writer: IndexWriter;
  readonly #coders = new Set<string>();
  readonly #bytes: Record<ChunkOrigin, number> = { coded: 0, taken: 0, kept: 0 };
  readonly #mostUnreadBytes: number;
  #unread: ByteRange[] = [];
  #damagedBefore = 0;

  constructor(writer: IndexWriter, { sizeBytes }: { sizeBytes: number }) {
    this.#writer = writer;
    this.#mostUnreadBytes = Math.max(MOST_UNREAD_BYTES, sizeBytes * MOST_UNREAD_SHARE);
  }

  /** @throws Failure disk-failed when too much can't be read for an image to be of use */
  add(result: WorkerResult): void {
    switch (result.kind) {
      case 'codec-taken':
        this.#coders.add(coderText(result));
        return;
      case 'captured':
        addRecords(this.#writer, result);
        this.#bytes[result.origin] += result.count * result.length;
        return;
      case 'damaged-before':
        this.#damagedBefore += 1;
        return;
      case 'unreadable':
        this.#unread = joined([...this.#unread, ...result.ranges]);
        this.#requireEnough();
        return;
      case 'seen':
      case 'fitted':
        throw new Error(`a capture gives no "${result.kind}"`);
      default:
        assertNever(result);
    }
  }

  #requireEnough(): void {
    const bytes = bytesOf(this.#unread);
    if (bytes <= this.#mostUnreadBytes) return;
    throw new Failure({
      class: 'box',
      code: 'disk-failed',
      message: `the disk is failing, or gone: ${bytes} bytes of it can't be read so far, the first at byte ${this.#unread[0]?.offset}. What it still gives is better taken to another disk by hand, in the rescue system`,
    });
  }

  sums(): Omit<Captured, 'imageHash' | 'codedBytes' | 'chunkHash'> {
    return {
      unread: this.#unread,
      takenBytes: this.#bytes.taken,
      keptBytes: this.#bytes.kept,
      damagedBefore: this.#damagedBefore,
      coder: [...this.#coders].join(', '),
    };
  }
}

function addRecords(writer: IndexWriter, result: CapturedChunks): void {
  const { offset, length, crc32, zero, bad } = result;
  const hash = Buffer.from(result.hash);
  for (let at = 0; at < result.count; at += 1) {
    const record = { offset: offset + at * length, length, crc32, zero, bad, hash };
    writer.add(result.chunk + at, record);
  }
}

function coderText({ maker, passedOver }: CodecTaken): string {
  return passedOver.length === 0 ? maker : `${maker} (passed over ${passedOver.join('; ')})`;
}
