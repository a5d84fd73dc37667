import { fdatasyncSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Bell } from '../bell.ts';
import type { Clock } from '../clock.ts';
import type { IndexPart, IndexWriter } from './index-writer.ts';

/** The image is flushed as often while it grows: at the end little is left to wait for. */
const FLUSH_MS = 1_000;
/** A small disk is through sooner, and a power cut should not cost much of it either. */
const FLUSHES = 64;
const LEAST_FLUSH_MS = 200;
/** More may not wait, some megabytes: of a disk that nobody has to read, zeros come by the tebibyte. */
const MOST_WAITING = 64 * 1024;

/**
 * Flushes what was captured so far, again and again: first the image, then the records of what is in
 * it. So a power cut leaves records whose chunks are there, for the next attempt to go on with.
 */
export class CaptureFlush {
  readonly #about: { image: FileHandle; index: FileHandle; writer: IndexWriter; clock: Clock };
  readonly #enough: number;
  readonly #bell: Bell;
  readonly #over = new AbortController();
  /** Taken, and not yet sure to be in the file. */
  #taken: IndexPart | null = null;

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
    const { waiting } = this.#about.writer;
    if (waiting >= MOST_WAITING) this.#flushNow();
    else if (waiting >= this.#enough) this.#bell.ring();
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
    this.#taken = writer.take();
    await image.datasync();
    await writer.put(this.#taken);
    this.#taken = null;
    await index.datasync();
  }

  /** While everybody waits. What a flush is at work on is put, too: the records in the file have no gap. */
  #flushNow(): void {
    const { image, writer } = this.#about;
    fdatasyncSync(image.fd);
    if (this.#taken !== null) writer.putNow(this.#taken);
    writer.putNow(writer.take());
  }
}
