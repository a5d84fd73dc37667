import type { Clock } from '../clock.ts';
import type { OpenDisk } from '../machine.ts';
import type { ImagingControl } from './control.ts';
import { diskFailure } from './device.ts';

/**
 * Flushes a disk now and then while it is written, beside the writing: a power cut then costs what
 * was written since, and a disk that can't keep its data is known early.
 */
export class Checkpoints {
  readonly #options: { disk: OpenDisk; control: ImagingControl; clock: Clock; everyMs: number };
  #since: number;
  #flushedBytes = 0;
  #flushing: Promise<void> | null = null;
  #failure: Error | null = null;

  constructor(options: { disk: OpenDisk; control: ImagingControl; clock: Clock; everyMs: number }) {
    this.#options = options;
    this.#since = options.clock.elapsed();
  }

  /** Begins a flush if it is time for one. @throws Failure when one has failed */
  look(): void {
    this.requireSound();
    const { control, clock, everyMs } = this.#options;
    const { written } = control.counted;
    if (this.#flushing !== null || written === this.#flushedBytes) return;
    if (clock.elapsed() - this.#since < everyMs) return;
    this.#flushing = this.#flush(written);
  }

  /** Resolves when none runs any more. */
  async quiet(): Promise<void> {
    await this.#flushing;
  }

  /** The system tells of lost data once: a later flush may go well all the same. @throws Failure */
  requireSound(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  async #flush(written: number): Promise<void> {
    try {
      await this.#options.disk.sync();
    } catch (cause) {
      this.#failure = diskFailure('flushing the disk', cause);
    }
    this.#flushedBytes = written;
    this.#since = this.#options.clock.elapsed();
    this.#flushing = null;
  }
}
