import type { Announcer, ChatPlace, MessageRefs, SummaryRefs } from '../app/chat-ports.ts';
import type { JobView } from '../app/job-view.ts';
import type { Log } from '../app/ports.ts';
import type { Job } from '../domain/job.ts';
import type { Notice } from '../domain/notices.ts';
import { renderCard } from './card.ts';
import { renderNotice } from './notice-text.ts';
import { CardTurns } from './outbox/card-turns.ts';
import { Delivery } from './outbox/delivery.ts';
import { JobCards, type Look } from './outbox/job-cards.ts';
import { SummaryCards } from './outbox/summary-cards.ts';
import { noticeUrgency } from './outbox/urgency.ts';
import type { ChatPlatform, MessageRef } from './platform.ts';

/** Keeps cards and threads as the jobs are, on whatever platform each job came from. */
export class Outbox implements Announcer {
  readonly #delivery: Delivery;
  readonly #cards: JobCards;
  readonly #cardTurns: CardTurns;
  readonly #summaries: SummaryCards;

  constructor(parts: {
    platforms: readonly ChatPlatform[];
    refs: MessageRefs;
    summaries: SummaryRefs;
    log: Log;
  }) {
    this.#delivery = new Delivery(parts);
    this.#cards = new JobCards(parts.refs, this.#delivery);
    this.#cardTurns = new CardTurns(this.#delivery);
    this.#summaries = new SummaryCards(parts);
  }

  progressIntervalMs({ origin }: Job): number {
    return this.#delivery.find(origin.platform)?.progressIntervalMs ?? Number.POSITIVE_INFINITY;
  }

  progressTurn({ origin }: Job): boolean {
    return this.#delivery.find(origin.platform)?.progressTurn(origin.channel) ?? false;
  }

  async showCard(job: Job, look: Look): Promise<void> {
    const { ref, upToDate } = await this.#cards.findOrPost(job, look);
    if (ref === null || upToDate) return;
    await this.#cardTurns.take(job);
    const view = await look();
    const edited = await this.#delivery.send(job, (platform) =>
      platform.edit(ref, renderCard(view)).then(() => true),
    );
    // Without its card a job would be silent.
    if (edited === null) await this.#cards.findOrPost(job, look, ref);
  }

  async showProgress(view: JobView): Promise<void> {
    const ref = await this.#cards.find(view.job.id);
    // Before the card is posted, the owed effect posts it.
    if (ref === null) return;
    await this.#delivery.send(view.job, (platform) => platform.showProgress(ref, renderCard(view)));
  }

  async tell(job: Job, { look, notice, key }: { look: Look; notice: Notice; key: string }): Promise<void> {
    const { ref: card } = await this.#cards.findOrPost(job, look);
    if (card === null || (await this.#tellIn(card, job, { look, notice, key }))) return;
    const { ref: next } = await this.#cards.findOrPost(job, look, card);
    if (next !== null) await this.#tellIn(next, job, { look, notice, key });
  }

  /** False when the card is gone, and its thread with it. */
  async #tellIn(
    card: MessageRef,
    job: Job,
    { look, notice, key }: { look: Look; notice: Notice; key: string },
  ): Promise<boolean> {
    const urgency = noticeUrgency(renderNotice(await look(), notice));
    if (urgency === 'people') this.#cardTurns.callTo(job);
    await this.#delivery.turn(job, { kind: 'post', urgency });
    const { message, broadcast } = renderNotice(await look(), notice);
    const posted = await this.#delivery.send(job, (platform) =>
      platform.postInThread({ card, nonce: key, broadcast }, message),
    );
    return posted !== null;
  }

  async summarise(place: ChatPlace, jobs: readonly JobView[]): Promise<void> {
    await this.#summaries.show(this.#delivery.platform(place.platform), place, jobs);
  }
}
