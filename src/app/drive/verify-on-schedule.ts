import type { Testbox } from '../../domain/testbox.ts';
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
    const { log, verifying } = this.#app;
    for (const { name, address } of await longestUnproved(this.#app)) {
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

/** All boxes, the one first that was read longest ago: a run that a restart ended goes on with the others. */
async function longestUnproved({ inventory, verifications }: App): Promise<Testbox[]> {
  const boxes = inventory.testboxes().map(async (testbox) => {
    const known = await verifications.of(testbox.address);
    return { testbox, at: Math.max(0, ...known.map(({ at }) => at)) };
  });
  return (await Promise.all(boxes)).toSorted((a, b) => a.at - b.at).map(({ testbox }) => testbox);
}
