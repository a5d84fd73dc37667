import type { BlockDevice } from '../../../agent/imaging/block-device.ts';

/** Something that goes wrong at a byte of the disk. */
export interface Fault {
  /** Every transfer that touches this byte. */
  at: number;
  on: 'read' | 'write' | 'zero';
  /** An error's code, a transfer this slow, or (of a write) bytes that are not kept. */
  what: { code: string } | { slowMs: number } | 'forgotten';
  /** How often; always by default. */
  times?: number;
}

/**
 * A disk in memory, as strict as a real one: whole sectors only, nothing past its end, buffers at
 * a page. Time passes only by its transfers.
 */
export class FakeDevice implements BlockDevice {
  readonly sizeBytes: number;
  readonly held: Buffer;
  readonly transfers: { on: Fault['on']; position: number; length: number }[] = [];
  faults: Fault[] = [];
  zeroes = true;
  /** What was made zero is a hole, as in a file. */
  makesHoles = false;
  readonly #holes = new Set<string>();
  nowNs = 0;
  readonly #sectorBytes: number;

  constructor(held: Buffer, sectorBytes = 512) {
    if (held.length % sectorBytes !== 0) throw new Error('a disk is a whole number of sectors');
    this.held = held;
    this.sizeBytes = held.length;
    this.#sectorBytes = sectorBytes;
  }

  read(into: Buffer, position: number): number {
    // What an Atomics or an address can't tell, the offset in its memory does: slabs begin at a page.
    if (into.byteOffset % 4096 !== 0) throw failed('EINVAL', 'read');
    const length = Math.min(into.length, Math.max(0, this.sizeBytes - position));
    this.#transfer('read', position, length);
    return this.held.copy(into, 0, position, position + length);
  }

  write(from: Buffer, position: number): void {
    if (position + from.length > this.sizeBytes) throw failed('ENOSPC', 'write');
    this.#holes.delete(`${position}+${from.length}`);
    if (this.#transfer('write', position, from.length)) from.copy(this.held, position);
  }

  zero(position: number, length: number): boolean {
    if (position + length > this.sizeBytes) throw failed('ENOSPC', 'fallocate');
    if (!this.zeroes) return false;
    if (this.#transfer('zero', position, length)) {
      this.held.fill(0, position, position + length);
      if (this.makesHoles) this.#holes.add(`${position}+${length}`);
    }
    return true;
  }

  isHole(position: number, length: number): boolean {
    return this.#holes.has(`${position}+${length}`);
  }

  count(on: Fault['on']): number {
    return this.transfers.filter((transfer) => transfer.on === on).length;
  }

  /** False when what is brought is not kept. */
  #transfer(on: Fault['on'], position: number, length: number): boolean {
    if (position % this.#sectorBytes !== 0 || length % this.#sectorBytes !== 0) throw failed('EINVAL', on);
    this.transfers.push({ on, position, length });
    this.nowNs += length;
    let kept = true;
    for (const fault of this.faults) {
      const touched = fault.on === on && fault.at >= position && fault.at < position + length;
      if (!touched || fault.times === 0) continue;
      if (fault.times !== undefined) fault.times -= 1;
      if (fault.what === 'forgotten') kept = false;
      else if ('code' in fault.what) throw failed(fault.what.code, on);
      else this.nowNs += fault.what.slowMs * 1e6;
    }
    return kept;
  }
}

function failed(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
