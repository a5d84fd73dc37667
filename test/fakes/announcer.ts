import type { JobView } from '../../src/app/job-view.ts';
import { AnnounceError, type Announcer, type ChatPlace } from '../../src/app/ports.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Notice } from '../../src/domain/notices.ts';

/** Keeps what was announced; posts once per key, as platforms do by nonce. */
export class FakeAnnouncer implements Announcer {
  readonly notices: Notice['about'][] = [];
  readonly cards: string[] = [];
  readonly #keys = new Set<string>();
  down = false;

  progressIntervalMs(): number {
    return 1000;
  }

  progressTurn(): boolean {
    return true;
  }

  async showCard(_job: Job, look: () => Promise<JobView>): Promise<void> {
    this.#answer();
    this.#show(await look());
  }

  async showProgress(view: JobView): Promise<void> {
    this.#answer();
    this.#show(view);
  }

  async tell(_job: Job, { notice, key }: { notice: Notice; key: string }): Promise<void> {
    this.#answer();
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.notices.push(notice.about);
  }

  async summarise(_place: ChatPlace, _jobs: readonly JobView[]): Promise<void> {
    this.#answer();
  }

  #show({ job }: JobView): void {
    if (this.cards.at(-1) !== job.state) this.cards.push(job.state);
  }

  #answer(): void {
    if (this.down) throw new AnnounceError('the chat is away', { retryAfterMs: 1000 });
  }
}
