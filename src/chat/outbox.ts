import type { JobView } from '../app/job-view.ts';
import {
  AnnounceError,
  type Announcer,
  type ChatPlace,
  type Log,
  type MessageRefs,
  type SummaryRefs,
} from '../app/ports.ts';
import type { JobId } from '../contract/ids.ts';
import type { Job } from '../domain/job.ts';
import type { Notice } from '../domain/notices.ts';
import type { PlatformName } from '../domain/person.ts';
import { renderCard } from './card.ts';
import { renderNotice } from './notice-text.ts';
import { tellOfRefusal } from './outbox/channel-refused.ts';
import { sending } from './outbox/sending.ts';
import { SummaryCards } from './outbox/summary-cards.ts';
import { cardUrgency, noticeUrgency } from './outbox/urgency.ts';
import { ChannelRefusedError, type ChatPlatform, type MessageRef, type Urgency } from './platform.ts';

const CARD = 'card';
const CARD_BEGUN = 'card-begun';

/** A card in its channel; `ref` is null when that is gone for good. */
interface Card {
  ref: MessageRef | null;
  /** It shows what `look` gave. */
  upToDate: boolean;
}

type Look = () => Promise<JobView>;

/** Keeps cards and threads as the jobs are, on whatever platform each job came from. */
export class Outbox implements Announcer {
  readonly #platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly #refs: MessageRefs;
  readonly #log: Log;
  readonly #summaries: SummaryCards;
  /** Cards that are being found or posted: a job's card and its notices may both need one. */
  readonly #cards = new Map<JobId, Promise<Card>>();

  constructor(parts: {
    platforms: readonly ChatPlatform[];
    refs: MessageRefs;
    summaries: SummaryRefs;
    log: Log;
  }) {
    this.#platforms = new Map(parts.platforms.map((platform) => [platform.name, platform]));
    this.#refs = parts.refs;
    this.#log = parts.log;
    this.#summaries = new SummaryCards(parts);
  }

  progressIntervalMs({ origin }: Job): number {
    return this.#platforms.get(origin.platform)?.progressIntervalMs ?? Number.POSITIVE_INFINITY;
  }

  progressTurn({ origin }: Job): boolean {
    return this.#platforms.get(origin.platform)?.progressTurn(origin.channel) ?? false;
  }

  async showCard(job: Job, look: Look): Promise<void> {
    const { ref, upToDate } = await this.#card(job, look);
    if (ref === null || upToDate) return;
    await this.#turn(job, { kind: 'edit', urgency: cardUrgency(job) });
    await this.#edit(ref, await look());
  }

  async showProgress(view: JobView): Promise<void> {
    const ref = await this.#refs.find(view.job.id, CARD);
    // Before the card is posted, the owed effect posts it.
    if (ref !== null) await this.#edit(ref, view);
  }

  async tell(job: Job, { look, notice, key }: { look: Look; notice: Notice; key: string }): Promise<void> {
    const { ref: card } = await this.#card(job, look);
    if (card === null) return;
    await this.#turn(job, { kind: 'post', urgency: noticeUrgency(renderNotice(await look(), notice)) });
    const { message, broadcast } = renderNotice(await look(), notice);
    await this.#send(job, (platform) => platform.postInThread({ card, nonce: key, broadcast }, message));
  }

  summarise(place: ChatPlace, jobs: readonly JobView[]): Promise<void> {
    return this.#summaries.show(this.#platform(place.platform), place, jobs);
  }

  /** Finds or posts the job's card, for whoever comes first; the others get what that gives. */
  async #card(job: Job, look: Look): Promise<Card> {
    const underWay = this.#cards.get(job.id);
    if (underWay !== undefined) return { ...(await underWay), upToDate: false };
    const found = this.#findOrPost(job, look).finally(() => this.#cards.delete(job.id));
    this.#cards.set(job.id, found);
    return found;
  }

  async #findOrPost(job: Job, look: Look): Promise<Card> {
    const known = await this.#refs.find(job.id, CARD);
    if (known !== null) return { ref: known, upToDate: false };
    const nonce = `${job.id}:${CARD}`;
    // A post that was tried before may be there already, as things stood then.
    const triedBefore = (await this.#refs.find(job.id, CARD_BEGUN)) !== null;
    if (!triedBefore) await this.#refs.save(job.id, CARD_BEGUN, nonce);
    await this.#turn(job, { kind: 'post', urgency: 'people' });
    const card = renderCard(await look());
    const ref = await this.#send(job, (platform) =>
      platform.post({ channel: job.origin.channel, nonce }, card),
    );
    if (ref !== null) await this.#refs.save(job.id, CARD, ref);
    return { ref, upToDate: !triedBefore };
  }

  async #edit(ref: MessageRef, view: JobView): Promise<void> {
    await this.#send(view.job, (platform) => platform.edit(ref, renderCard(view)));
  }

  async #turn({ origin }: Job, want: { kind: 'post' | 'edit'; urgency: Urgency }): Promise<void> {
    const platform = this.#platform(origin.platform);
    await sending(() => platform.turn({ ...want, channel: origin.channel }));
  }

  /** Null when the message is gone for good. */
  async #send<T>(job: Job, send: (platform: ChatPlatform) => Promise<T>): Promise<T | null> {
    const platform = this.#platform(job.origin.platform);
    try {
      const sent = await sending(() => send(platform));
      if (sent === null) this.#log.error({ jobId: job.id }, 'a message can not be shown: it is gone');
      return sent;
    } catch (error) {
      if (error instanceof AnnounceError && error.cause instanceof ChannelRefusedError) {
        const asker = this.#platform(job.requester.platform);
        await tellOfRefusal({ platform: asker, refs: this.#refs, log: this.#log }, job, error.cause);
      }
      throw error;
    }
  }

  #platform(name: PlatformName): ChatPlatform {
    const found = this.#platforms.get(name);
    if (found === undefined) throw new AnnounceError(`${name} is not connected`, { retryAfterMs: null });
    return found;
  }
}
