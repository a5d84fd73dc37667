import type { FileHandle } from 'node:fs/promises';
import type { IndexedSource } from './tasks.ts';
import { type Watch, watchWork } from './watch.ts';
import type { WorkerPool } from './worker-pool.ts';

const HASH_BYTES = 32;
const FIRST_HASHES = 4096;

export interface Check {
  pool: WorkerPool;
  watch: Watch;
}

/** Reads an image through: every member has the check sum of the index. @throws Failure */
export async function checkIndexed(check: Check, source: IndexedSource): Promise<void> {
  const { control } = check.watch;
  await watchWork(check.watch, () =>
    check.pool.run({
      task: { kind: 'check', control: control.buffer, source },
      threads: 'all',
      onFailure: () => control.stop(),
    }),
  );
}

/** What a plain image holds: its raw size and the hash of each chunk. */
export interface PlainContent {
  sizeBytes: number;
  hashes: Uint8Array;
}

/** Unpacks a gzip file of the original to its end. @throws Failure when it is damaged or truncated */
export async function checkPlain(check: Check, image: FileHandle): Promise<PlainContent> {
  const { control } = check.watch;
  const hashes = new Hashes();
  let sizeBytes = 0;
  await watchWork(check.watch, () =>
    check.pool.run({
      task: { kind: 'check-plain', control: control.buffer, imageFd: image.fd },
      threads: 'one',
      onResult: (result) => {
        if (result.kind !== 'seen') return;
        hashes.add(result.hash);
        sizeBytes += result.length;
      },
      onFailure: () => control.stop(),
    }),
  );
  return { sizeBytes, hashes: hashes.all };
}

/** Of two million chunks, as a disk may have, objects would take many times what the hashes do. */
class Hashes {
  #bytes = Buffer.alloc(FIRST_HASHES * HASH_BYTES);
  #used = 0;

  add(hash: Uint8Array): void {
    if (this.#used + HASH_BYTES > this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes.set(hash.subarray(0, HASH_BYTES), this.#used);
    this.#used += HASH_BYTES;
  }

  get all(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }
}
