import type { JobView } from '../app/job-view.ts';
import { AnnounceError, type Announcer, type Log, type MessageRefs } from '../app/ports.ts';
import type { Notice } from '../domain/notices.ts';
import type { PlatformName } from '../domain/person.ts';
import { renderCard } from './card.ts';
import { renderNotice } from './notice-text.ts';
import { type ChatPlatform, ChatUnavailableError, MessageGoneError, type MessageRef } from './platform.ts';

const CARD = 'card';

/** Keeps cards and threads as the jobs are, on whatever platform each job came from. */
export class Outbox implements Announcer {
  readonly progressIntervalMs: number;
  readonly #platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly #refs: MessageRefs;
  readonly #log: Log;

  constructor(parts: {
    platforms: readonly ChatPlatform[];
    refs: MessageRefs;
    log: Log;
    progressIntervalMs: number;
  }) {
    this.#platforms = new Map(parts.platforms.map((platform) => [platform.name, platform]));
    this.#refs = parts.refs;
    this.#log = parts.log;
    this.progressIntervalMs = parts.progressIntervalMs;
  }

  async showCard(view: JobView): Promise<void> {
    const { job } = view;
    const platform = this.#platform(view);
    const card = renderCard(view);
    const ref = await this.#refs.find(job.id, CARD);
    if (ref === null) {
      await this.#post(view, platform);
      return;
    }
    await this.#retriable(view, () => platform.edit(ref, card));
  }

  async tell(view: JobView, notice: Notice, key: string): Promise<void> {
    const platform = this.#platform(view);
    const card = (await this.#refs.find(view.job.id, CARD)) ?? (await this.#post(view, platform));
    if (card === null) return;
    const { message, broadcast } = renderNotice(view, notice);
    await this.#retriable(view, () => platform.postInThread({ card, nonce: key, broadcast }, message));
  }

  /** Null when the channel is gone for good. */
  async #post(view: JobView, platform: ChatPlatform): Promise<MessageRef | null> {
    const { job } = view;
    const to = { channel: job.origin.channel, nonce: `${job.id}:${CARD}` };
    const ref = await this.#retriable(view, () => platform.post(to, renderCard(view)));
    if (ref !== null) await this.#refs.save(job.id, CARD, ref);
    return ref;
  }

  #platform(view: JobView): ChatPlatform {
    const { platform } = view.job.origin;
    const found = this.#platforms.get(platform);
    if (found === undefined) throw new AnnounceError(`${platform} is not connected`, { retryAfterMs: null });
    return found;
  }

  async #retriable<T>({ job }: JobView, send: () => Promise<T>): Promise<T | null> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof ChatUnavailableError) {
        throw new AnnounceError(error.message, { retryAfterMs: error.retryAfterMs, cause: error });
      }
      if (!(error instanceof MessageGoneError)) throw error;
      this.#log.error({ jobId: job.id, err: error }, 'a message can not be shown: it or its channel is gone');
      return null;
    }
  }
}
