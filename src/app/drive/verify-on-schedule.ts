import type { App } from '../app.ts';
import { verifyImages } from '../verify-images.ts';

/** Reads the images of all boxes through, one box after the other, whenever the schedule says so. */
export class VerifyOnSchedule {
  readonly #app: App;
  #nextAt: number | null;
  #busy = false;

  constructor(app: App) {
    this.#app = app;
    this.#nextAt = this.#after(app.clock.now());
  }

  /** @param stopping the run ends with the box that it is at */
  look(stopping: AbortSignal): void {
    const now = this.#app.clock.now();
    if (this.#nextAt === null || now < this.#nextAt) return;
    this.#nextAt = this.#after(now);
    // A run that takes longer than its schedule goes on alone.
    if (this.#busy) return;
    this.#busy = true;
    // Nobody waits for it, not even a bot that stops: reading ends with the process that reads.
    void this.#verifyAll(stopping).finally(() => {
      this.#busy = false;
    });
  }

  #after(now: number): number | null {
    return this.#app.settings.verifyAt?.(now) ?? null;
  }

  async #verifyAll(stopping: AbortSignal): Promise<void> {
    const { log, inventory, verifying } = this.#app;
    for (const { name, address } of inventory.testboxes()) {
      if (stopping.aborted) return;
      if (verifying.has(address)) continue;
      verifying.add(address);
      try {
        const found = await verifyImages(this.#app, { address, generations: null });
        const damaged = found.filter(({ problem }) => problem !== null);
        if (damaged.length > 0) log.error({ testbox: name, damaged }, 'images are damaged');
        else log.info({ testbox: name, images: found.length }, 'images were proved');
      } catch (error) {
        log.warn({ testbox: name, err: error }, 'images could not be proved');
      } finally {
        verifying.delete(address);
      }
    }
  }
}
