import type { ByteRange } from '../../src/contract/byte-range.ts';
import { errorCode, Failure } from '../failure.ts';
import type { ImagingControl } from './control.ts';
import { onDisk, readFully } from './device.ts';
import { isMediumError, salvage } from './salvage.ts';
import type { CaptureTask } from './tasks.ts';

const PAGE_BYTES = 4096;
/** So long one chunk with bad sectors is tried. */
const CHUNK_PATIENCE_MS = 60_000;
/** So long a thread tries all of them together; a disk may have bad sectors that take seconds each. */
const DISK_PATIENCE_MS = 20 * 60_000;

/**
 * Reads the disk, past the page cache where that is possible: nobody will read it again soon. Where
 * it has bad sectors, all around them is read.
 */
export class DiskReader {
  readonly #task: CaptureTask;
  readonly #control: ImagingControl;
  #directFd: number | null;
  #patienceMs = DISK_PATIENCE_MS;

  constructor(task: CaptureTask, control: ImagingControl) {
    this.#task = task;
    this.#control = control;
    this.#directFd = task.directFd;
  }

  /** Gives the ranges that can't be read, for which zeros stand. */
  read(into: Buffer, position: number): ByteRange[] {
    return onDisk(`reading the disk at byte ${position}`, () => {
      try {
        this.#readAll(into, position);
        return [];
      } catch (error) {
        if (!isMediumError(error)) throw error;
        return this.#salvage(into, position);
      }
    });
  }

  #salvage(into: Buffer, position: number): ByteRange[] {
    const begun = performance.now();
    const patienceMs = Math.min(CHUNK_PATIENCE_MS, this.#patienceMs);
    const { sectorSizeBytes } = this.#task;
    const unread = salvage(into, position, {
      read: (piece, at) => this.#readAll(piece, at),
      // By way of the page cache a whole page fails with each of its sectors.
      sectorBytes: this.#directFd === null ? Math.max(PAGE_BYTES, sectorSizeBytes) : sectorSizeBytes,
      goesOn: () => !this.#control.stopped && performance.now() - begun < patienceMs,
    });
    this.#patienceMs -= performance.now() - begun;
    return unread;
  }

  #readAll(into: Buffer, position: number): void {
    const count = this.#readSome(into, position);
    if (count === into.length) return;
    throw new Failure({
      class: 'box',
      code: 'disk-failed',
      message: `the disk ends at byte ${position + count}, before its size of ${this.#task.sizeBytes} bytes`,
    });
  }

  #readSome(into: Buffer, position: number): number {
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
