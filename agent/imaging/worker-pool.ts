import { Worker } from 'node:worker_threads';
import { assertNever } from '../../src/contract/assert-never.ts';
import { Failure } from '../failure.ts';
import type { WorkerMessage, WorkerResult, WorkerTask } from './tasks.ts';

const MOST_WORKERS = 16;

/** Threads that image; made when first needed, kept until closed. */
export class WorkerPool {
  readonly #entry: URL;
  readonly #size: number;
  #workers: Worker[] = [];

  constructor(options: { entry: URL; size: number }) {
    this.#entry = options.entry;
    this.#size = Math.max(1, Math.min(MOST_WORKERS, options.size));
  }

  /** Makes the threads before there is work for them. */
  start(): void {
    this.#ready();
  }

  /**
   * Gives the task to all threads (or to one) and waits until every one of them has ended
   * it; `onFailure` must make the others stop.
   *
   * @throws Failure the first one's
   */
  async run(work: {
    task: WorkerTask;
    threads: 'all' | 'one';
    onResult?: (result: WorkerResult) => void;
    onFailure: () => void;
  }): Promise<void> {
    const workers = this.#ready().slice(0, work.threads === 'one' ? 1 : this.#size);
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

  #ready(): Worker[] {
    while (this.#workers.length < this.#size) {
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
    return this.#workers;
  }
}

/** A pool for the length of the work. */
export async function withPool<T>(
  options: { entry: URL; size: number },
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
