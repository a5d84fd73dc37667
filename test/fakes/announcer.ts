import { AnnounceError, type Announcer, type ChatPlace } from '../../src/app/chat-ports.ts';
import type { JobView } from '../../src/app/job-view.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Notice } from '../../src/domain/notices.ts';

/** Keeps what was announced; posts once per key, as platforms do by nonce. */
export class FakeAnnouncer implements Announcer {
  readonly notices: Notice['about'][] = [];
  readonly cards: string[] = [];
  /** Boxes whose progress was shown, in that order. */
  readonly progress: string[] = [];
  /** How many jobs each summary showed; 0 closed it. */
  readonly summaries: number[] = [];
  readonly #keys = new Set<string>();
  down = false;
  /** Progress edits that there is room for. */
  progressBudget = Number.POSITIVE_INFINITY;
  fullChannel: string | null = null;

  progressIntervalMs(): number {
    return 1000;
  }

  progressTurn({ origin }: Job): boolean {
    if (this.progressBudget <= 0 || origin.channel === this.fullChannel) return false;
    this.progressBudget -= 1;
    return true;
  }

  async showCard(_job: Job, look: () => Promise<JobView>): Promise<void> {
    this.#answer();
    this.#show(await look());
  }

  async showProgress(view: JobView): Promise<void> {
    this.#answer();
    this.progress.push(view.job.testbox.name);
    this.#show(view);
  }

  async tell(_job: Job, { notice, key }: { notice: Notice; key: string }): Promise<void> {
    this.#answer();
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.notices.push(notice.about);
  }

  async summarise(_place: ChatPlace, jobs: readonly JobView[]): Promise<void> {
    this.#answer();
    this.summaries.push(jobs.length);
  }

  #show({ job }: JobView): void {
    if (this.cards.at(-1) !== job.state) this.cards.push(job.state);
  }

  #answer(): void {
    if (this.down) throw new AnnounceError('the chat is away', { retryAfterMs: 1000 });
  }
}
