import type { JobView } from '../../src/app/job-view.ts';
import { AnnounceError, type Announcer } from '../../src/app/ports.ts';
import type { Notice } from '../../src/domain/notices.ts';

/** Keeps what was announced; posts once per key, as platforms do by nonce. */
export class FakeAnnouncer implements Announcer {
  readonly progressIntervalMs = 1000;
  readonly notices: Notice['about'][] = [];
  readonly cards: string[] = [];
  readonly #keys = new Set<string>();
  down = false;

  async showCard({ job }: JobView): Promise<void> {
    this.#answer();
    if (this.cards.at(-1) !== job.state) this.cards.push(job.state);
  }

  async tell(_view: JobView, notice: Notice, key: string): Promise<void> {
    this.#answer();
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.notices.push(notice.about);
  }

  #answer(): void {
    if (this.down) throw new AnnounceError('the chat is away', { retryAfterMs: 1000 });
  }
}
