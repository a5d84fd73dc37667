import type { DiskSlot } from '../../src/contract/disk.ts';
import type { DiskProgress } from '../../src/contract/report.ts';
import type { Clock } from '../clock.ts';

const WINDOW_MS = 5_000;

/** How far each disk is, with its rate over the last seconds. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #disks = new Map<DiskSlot, DiskProgress>();
  readonly #samples = new Map<DiskSlot, { at: number; doneBytes: number }[]>();

  constructor(clock: Clock, disks: readonly { slot: DiskSlot; totalBytes: number }[]) {
    this.#clock = clock;
    for (const { slot, totalBytes } of disks) {
      const nothing = { doneBytes: 0, writtenBytes: 0, skippedBytes: 0, bytesPerSecond: 0 };
      this.#disks.set(slot, { slot, totalBytes, ...nothing });
    }
  }

  update(
    slot: DiskSlot,
    counted: { done: number; written: number; skipped: number },
    totalBytes: number,
  ): void {
    this.#disks.set(slot, {
      slot,
      totalBytes,
      doneBytes: counted.done,
      writtenBytes: counted.written,
      skippedBytes: counted.skipped,
      bytesPerSecond: this.#rate(slot, counted.done),
    });
  }

  all(): DiskProgress[] {
    return [...this.#disks.values()];
  }

  #rate(slot: DiskSlot, doneBytes: number): number {
    const at = this.#clock.elapsed();
    const samples = (this.#samples.get(slot) ?? []).filter((sample) => at - sample.at <= WINDOW_MS);
    samples.push({ at, doneBytes });
    this.#samples.set(slot, samples);
    const [oldest] = samples;
    if (oldest === undefined || at <= oldest.at) return 0;
    return Math.max(0, Math.round(((doneBytes - oldest.doneBytes) * 1000) / (at - oldest.at)));
  }
}
