import type { Announcer, ChatPlace } from '../../../src/app/chat-ports.ts';
import type { JobView } from '../../../src/app/job-view.ts';
import type { JobId } from '../../../src/contract/ids.ts';
import type { Job } from '../../../src/domain/job.ts';

type Look = () => Promise<JobView>;
type Telling = Parameters<Announcer['tell']>[1];

/** Hears when a notice of the job stands in its thread. */
export type OnTold = (job: JobId) => void;

/**
 * The real announcer, but for the threads of jobs that are set up: at a post a second these
 * would take minutes, and nobody measures them.
 */
export class SetupAnnouncer implements Announcer {
  readonly #announcer: Announcer;
  readonly #onTold: OnTold;
  isSetUp = false;

  constructor(announcer: Announcer, onTold: OnTold) {
    this.#announcer = announcer;
    this.#onTold = onTold;
  }

  progressIntervalMs(job: Job): number {
    return this.#announcer.progressIntervalMs(job);
  }

  progressTurn(job: Job): boolean {
    return this.#announcer.progressTurn(job);
  }

  showCard(job: Job, look: Look): Promise<void> {
    return this.#announcer.showCard(job, look);
  }

  showProgress(view: JobView): Promise<void> {
    return this.#announcer.showProgress(view);
  }

  async tell(job: Job, telling: Telling): Promise<void> {
    if (this.isSetUp) await this.#announcer.tell(job, telling);
    this.#onTold(job.id);
  }

  summarise(place: ChatPlace, jobs: readonly JobView[]): Promise<void> {
    return this.#announcer.summarise(place, jobs);
  }
}
