import { Worker } from 'node:worker_threads';
import { assertNever } from '../../src/contract/assert-never.ts';
import { Failure } from '../failure.ts';
import type { WorkerMessage, WorkerResult, WorkerTask } from './tasks.ts';

const MOST_WORKERS = 16;

export interface PoolSize {
  size: number;
  /** So many of these are there for when others wait for a device. */
  spare?: number;
}

/**
 * Who works: all of them; those that the machine has cores for, where none will wait for a device
 * and one more would only take turns with them; or one.
 */
export type Threads = 'all' | 'cores' | 'one';

/** Threads that image; made when first needed, kept until closed. */
export class WorkerPool {
  readonly #entry: URL;
  readonly #size: number;
  readonly #spare: number;
  #workers: Worker[] = [];

  constructor({ entry, size, spare = 0 }: PoolSize & { entry: URL }) {
    this.#entry = entry;
    this.#size = Math.max(1, Math.min(MOST_WORKERS, size));
    this.#spare = Math.min(spare, this.#size - 1);
  }

  /** Makes threads before there is work for them; the spare ones only when they are needed. */
  start(): void {
    this.#ready('cores');
  }

  /**
   * Gives the task to the threads and waits until every one of them has ended
   * it; `onFailure` must make the others stop.
   *
   * @throws Failure the first one's
   */
  async run(work: {
    task: WorkerTask;
    threads: Threads;
    onResult?: (result: WorkerResult) => void;
    onFailure: () => void;
  }): Promise<void> {
    const workers = this.#ready(work.threads);
    const ends = await Promise.allSettled(
      workers.map(async (worker) => {
        try {
          await carryOut(worker, work);
        } catch (error) {
          work.onFailure();
          throw error;
        }
      }),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.#workers = [];
  }

  #count(threads: Threads): number {
    switch (threads) {
      case 'all':
        return this.#size;
      case 'cores':
        return this.#size - this.#spare;
      case 'one':
        return 1;
      default:
        return assertNever(threads);
    }
  }

  #ready(threads: Threads): Worker[] {
    const count = this.#count(threads);
    while (this.#workers.length < count) {
      const worker = new Worker(this.#entry);
      // Only a task in progress keeps the process alive.
      worker.unref();
      // A task in progress hears of it too; without any listener the process would end.
      worker.on('error', () => undefined);
      worker.once('exit', () => {
        this.#workers = this.#workers.filter((other) => other !== worker);
      });
      this.#workers.push(worker);
    }
    return this.#workers.slice(0, count);
  }
}

/** A pool for the length of the work. */
export async function withPool<T>(
  options: PoolSize & { entry: URL },
  work: (pool: WorkerPool) => Promise<T>,
): Promise<T> {
  const pool = new WorkerPool(options);
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

function carryOut(
  worker: Worker,
  work: { task: WorkerTask; onResult?: (result: WorkerResult) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.off('message', hear).off('error', fail).off('exit', exit);
      settle();
    };
    const fail = (error: unknown) => end(() => reject(error));
    const exit = () => fail(new Error('a worker thread ended in the middle of its task'));
    const hear = (message: WorkerMessage) => {
      try {
        switch (message.kind) {
          case 'codec-taken':
          case 'captured':
          case 'damaged-before':
          case 'unreadable':
          case 'seen':
          case 'fitted':
            return work.onResult?.(message);
          case 'finished':
            return end(resolve);
          case 'failed':
            return fail(new Failure(message.failure));
          default:
            return assertNever(message);
        }
      } catch (error) {
        // Its later messages must not be taken for those of another task.
        void worker.terminate();
        fail(error);
      }
    };
    worker.on('message', hear).on('error', fail).on('exit', exit);
    worker.postMessage(work.task);
  });
}
