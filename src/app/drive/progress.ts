import type { JobId } from '../../contract/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { AnnounceError } from '../chat-ports.ts';
import { viewOf } from '../look.ts';
import { laneKey } from './lanes.ts';
import { placeKey } from './place-key.ts';
import type { Tasks } from './tasks.ts';

/**
 * Moves the bars of running jobs as far as the chat's limits leave room: the card that wasn't
 * shown for the longest time comes first. Progress is never owed and never waits: what finds no
 * room is left out, and a later edit shows more.
 */
export class Progress {
  readonly #app: App;
  readonly #tasks: Tasks;
  /** When each card's progress was last shown, and of which report it was. */
  readonly #shown = new Map<JobId, { at: number; heard: number }>();

  constructor(app: App, tasks: Tasks) {
    this.#app = app;
    this.#tasks = tasks;
  }

  show(jobs: readonly Job[]): void {
    const running = jobs.filter(({ state }) => state === 'running');
    for (const id of this.#shown.keys()) {
      if (!running.some((job) => job.id === id)) this.#shown.delete(id);
    }
    const due = running.filter((job) => this.#isDue(job));
    if (due.length > 0) this.#tasks.start('progress', () => this.#showDue(due));
  }

  #isDue(job: Job): boolean {
    return this.#app.clock.now() - this.#shownAt(job) >= this.#app.announcer.progressIntervalMs(job);
  }

  /** The card of a job that begins to run is shown as a stage. */
  #shownAt({ id, stateSince }: Job): number {
    return this.#shown.get(id)?.at ?? stateSince;
  }

  async #showDue(due: readonly Job[]): Promise<void> {
    const { announcer, clock, store, summaries } = this.#app;
    // A channel's summary card shows the progress of all its jobs.
    const closed = new Set((await summaries.open()).map(placeKey));
    for (const job of [...due].sort((a, b) => this.#shownAt(a) - this.#shownAt(b))) {
      if (closed.has(placeKey(job.origin))) continue;
      const heard = (await store.hearing(job.id))?.lastHeardAt ?? 0;
      const key = laneKey('card', job.id);
      // An edit that is under way shows the newest state anyway.
      if (heard === this.#shown.get(job.id)?.heard || this.#tasks.isBusy(key)) continue;
      if (!announcer.progressTurn(job)) {
        closed.add(placeKey(job.origin));
        continue;
      }
      this.#shown.set(job.id, { at: clock.now(), heard });
      this.#tasks.start(key, () => showProgress(this.#app, job.id));
    }
  }
}

async function showProgress(app: App, id: JobId): Promise<void> {
  const job = await app.store.job(id);
  if (job?.state !== 'running') return;
  const view = await viewOf(app, job);
  await app.announcer.showProgress(view).catch((error: unknown) => {
    if (!(error instanceof AnnounceError)) throw error;
  });
}
