import type { LightAfter } from './light-left.ts';

const PARTS = 1024;

/** How much of each part of a disk is zeros, however large it is. */
export class ZeroMap {
  readonly #partBytes: number;
  readonly #zeros = new Float64Array(PARTS);

  constructor(sizeBytes: number) {
    this.#partBytes = Math.max(1, sizeBytes / PARTS);
  }

  add(position: number, lengthBytes: number): void {
    const end = position + lengthBytes;
    for (let part = this.#partAt(position); part < PARTS && part * this.#partBytes < end; part += 1) {
      const [from, to] = [part * this.#partBytes, (part + 1) * this.#partBytes];
      const zeros = Math.min(end, to) - Math.max(position, from);
      this.#zeros[part] = (this.#zeros[part] ?? 0) + Math.max(0, zeros);
    }
  }

  /** For what was added so far. */
  lightAfter(): LightAfter {
    const after = new Float64Array(PARTS + 1);
    for (let part = PARTS - 1; part >= 0; part -= 1)
      after[part] = (after[part + 1] ?? 0) + (this.#zeros[part] ?? 0);
    return (doneBytes) => {
      const part = this.#partAt(doneBytes);
      const share = Math.min(1, part + 1 - doneBytes / this.#partBytes);
      return (after[part + 1] ?? 0) + (this.#zeros[part] ?? 0) * Math.max(0, share);
    };
  }

  #partAt(position: number): number {
    return Math.min(PARTS - 1, Math.floor(position / this.#partBytes));
  }
}
