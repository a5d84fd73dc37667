import { type Job, occupiesShare } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { AnnounceError, type ChatPlace } from '../chat-ports.ts';
import type { JobView } from '../job-view.ts';
import { viewOf } from '../look.ts';
import { placeKey } from './place-key.ts';
import type { Tasks } from './tasks.ts';

/** With more jobs at work than this, a channel gets a summary card … */
const OPENS_ABOVE = 20;
/** … and keeps it until there are no more than this. */
const CLOSES_AT = 15;
const EVERY_MS = 5_000;
const ENDED_SHOWN_MS = 2 * 60_000;

/**
 * One card for a channel's many jobs, while their own cards show stages only. Which channels
 * have one is in the store, so that a new bot keeps and closes what the one before opened.
 */
export class Summaries {
  readonly #app: App;
  readonly #tasks: Tasks;
  readonly #nextAt = new Map<string, number>();
  readonly #failing = new Set<string>();

  constructor(app: App, tasks: Tasks) {
    this.#app = app;
    this.#tasks = tasks;
  }

  look(jobs: readonly Job[]): void {
    this.#tasks.start('summaries', () => this.#lookAt(jobs));
  }

  async #lookAt(jobs: readonly Job[]): Promise<void> {
    const now = this.#app.clock.now();
    for (const { place, atWork, isOpen } of countJobs(jobs, await this.#app.summaries.open())) {
      if (!isOpen && atWork <= OPENS_ABOVE) continue;
      const key = placeKey(place);
      if ((this.#nextAt.get(key) ?? 0) > now) continue;
      this.#nextAt.set(key, now + EVERY_MS);
      const wanted = atWork > CLOSES_AT;
      this.#tasks.start(`summary:${key}`, () => this.#summarise(place, wanted));
    }
  }

  async #summarise(place: ChatPlace, wanted: boolean): Promise<void> {
    const { announcer, clock, log } = this.#app;
    const key = placeKey(place);
    let pauseMs = EVERY_MS;
    try {
      await announcer.summarise(place, wanted ? await jobsToShow(this.#app, place) : []);
      this.#failing.delete(key);
    } catch (error) {
      if (!(error instanceof AnnounceError)) throw error;
      pauseMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
      if (!this.#failing.has(key))
        log.warn({ place, why: error.message }, 'a summary card is tried again later');
      this.#failing.add(key);
    }
    // Counted from the edit itself: it may have waited for its turn.
    this.#nextAt.set(key, clock.now() + pauseMs);
  }
}

interface Count {
  place: ChatPlace;
  atWork: number;
  isOpen: boolean;
}

function countJobs(jobs: readonly Job[], open: readonly ChatPlace[]): Iterable<Count> {
  const counts = new Map<string, Count>(
    open.map((place) => [placeKey(place), { place, atWork: 0, isOpen: true }]),
  );
  for (const { origin } of jobs.filter(({ state }) => occupiesShare(state))) {
    const key = placeKey(origin);
    const count = counts.get(key) ?? { place: origin, atWork: 0, isOpen: false };
    counts.set(key, { ...count, atWork: count.atWork + 1 });
  }
  return counts.values();
}

/** The jobs at work in the channel, and those that were until lately. */
async function jobsToShow(app: App, place: ChatPlace): Promise<JobView[]> {
  const active = (await app.store.activeJobs()).filter(({ state }) => occupiesShare(state));
  const ended = (await app.store.endedSince(app.clock.now() - ENDED_SHOWN_MS)).filter(hadItsTurn);
  const here = [...active, ...ended].filter(({ origin }) => placeKey(origin) === placeKey(place));
  return Promise.all(here.map((job) => viewOf(app, job)));
}

/** A job that was denied or cancelled in the queue was never at work. */
function hadItsTurn({ nonceNext }: Job): boolean {
  return nonceNext !== null;
}
