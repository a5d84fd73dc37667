const PAGE_BYTES = 4096;
const WASM_PAGE_BYTES = 64 * 1024;
/** Only address space until it is written to; from 64 MiB on each one has the garbage looked for. */
const SLAB_BYTES = 48 * 1024 * 1024;

/**
 * A thread's buffers: taken once and kept, each beginning at a page, as `O_DIRECT` wants them.
 * JavaScript can't ask for an address, but WebAssembly's memory begins at a page wherever it runs.
 */
export class WorkerMemory {
  #slab: ArrayBuffer = new ArrayBuffer(0);
  #used = 0;

  /** All zeros; its memory is taken from the system as it is written to. */
  take(lengthBytes: number): Buffer {
    const room = Math.ceil(lengthBytes / PAGE_BYTES) * PAGE_BYTES;
    if (this.#used + room > this.#slab.byteLength) {
      this.#slab = newSlab(Math.max(room, SLAB_BYTES));
      this.#used = 0;
    }
    const buffer = Buffer.from(this.#slab, this.#used, lengthBytes);
    this.#used += room;
    return buffer;
  }
}

function newSlab(lengthBytes: number): ArrayBuffer {
  const pages = Math.ceil(lengthBytes / WASM_PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer;
  } catch {
    // It reserves gigabytes of address space, which a limit may forbid. What reads past the page
    // cache then finds its buffers refused, and reads the usual way.
    return new ArrayBuffer(lengthBytes);
  }
}
