import type { JobId } from '../../contract/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { generationsNamed } from '../named-generations.ts';
import { isProved } from '../proved-images.ts';
import { verifyImages } from '../verify-images.ts';

/**
 * Proves the image of a restore while people decide about it: a damaged one is then refused at the
 * click, and a proved one is not read through again on the box. One box at a time.
 */
export class ProveWaiting {
  readonly #app: App;
  /** Once a job: what could not be read then is the agent's to read. */
  readonly #tried = new Set<JobId>();
  #busy = false;

  constructor(app: App) {
    this.#app = app;
  }

  look(jobs: readonly Job[]): void {
    for (const id of this.#tried) if (!jobs.some((job) => job.id === id)) this.#tried.delete(id);
    const next = jobs.find((job) => isWaiting(job) && !this.#tried.has(job.id));
    if (next === undefined || this.#busy) return;
    this.#tried.add(next.id);
    this.#busy = true;
    // Nobody waits for it, not even a bot that stops: reading ends with the process that reads.
    void this.#prove(next)
      .catch((error: unknown) =>
        this.#app.log.warn({ jobId: next.id, err: error }, 'the image of a waiting restore was not proved'),
      )
      .finally(() => {
        this.#busy = false;
      });
  }

  async #prove(job: Job): Promise<void> {
    const app = this.#app;
    const address = job.plan.source?.address ?? job.testbox.address;
    if (app.verifying.has(address)) return;
    const known = await app.verifications.of(address);
    const since = app.clock.now() - app.settings.verifyMaxAgeMs;
    if (isProved({ plan: job.plan, known, since })) return;
    app.verifying.add(address);
    try {
      const found = await verifyImages(app, { address, generations: generationsNamed([job], address) });
      app.log.info({ jobId: job.id, testbox: job.testbox.name, found }, 'the image of a restore was proved');
    } finally {
      app.verifying.delete(address);
    }
  }
}

function isWaiting({ state, plan }: Job): boolean {
  const restores = plan.disks.some(({ image }) => image?.kind === 'indexed');
  return restores && (state === 'awaiting-approval' || state === 'queued');
}
