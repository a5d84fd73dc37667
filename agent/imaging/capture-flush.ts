import type { FileHandle } from 'node:fs/promises';
import { Bell } from '../bell.ts';
import type { Clock } from '../clock.ts';
import type { IndexWriter } from './index-writer.ts';

/** The image is flushed as often while it grows: at the end little is left to wait for. */
const FLUSH_MS = 1_000;
/** A small disk is through sooner, and a power cut should not cost much of it either. */
const FLUSHES = 64;
const LEAST_FLUSH_MS = 200;

/**
 * Flushes what was captured so far, again and again: first the image, then the records of what is in
 * it. So a power cut leaves records whose chunks are there, for the next attempt to go on with.
 */
export class CaptureFlush {
  readonly #about: { image: FileHandle; index: FileHandle; writer: IndexWriter; clock: Clock };
  readonly #enough: number;
  readonly #bell: Bell;
  readonly #over = new AbortController();

  constructor(about: {
    image: FileHandle;
    index: FileHandle;
    writer: IndexWriter;
    clock: Clock;
    chunks: number;
  }) {
    this.#about = about;
    this.#enough = Math.max(1, about.chunks / FLUSHES);
    this.#bell = new Bell(about.clock);
  }

  /** Told when records have come in. */
  look(): void {
    if (this.#about.writer.waiting >= this.#enough) this.#bell.ring();
  }

  /** Until it is ended. @throws what a flush found */
  async run(): Promise<void> {
    const { clock } = this.#about;
    while (!this.#over.signal.aborted) {
      const since = clock.elapsed();
      await this.#bell.wait(FLUSH_MS);
      await clock.sleep(Math.max(0, LEAST_FLUSH_MS - (clock.elapsed() - since)), this.#over.signal);
      if (!this.#over.signal.aborted) await this.#flush();
    }
  }

  end(): void {
    this.#over.abort();
    this.#bell.ring();
  }

  async #flush(): Promise<void> {
    const { image, index, writer } = this.#about;
    const records = writer.take();
    await image.datasync();
    await writer.put(records);
    await index.datasync();
  }
}
