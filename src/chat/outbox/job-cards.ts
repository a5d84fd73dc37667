import type { MessageRefs } from '../../app/chat-ports.ts';
import type { JobView } from '../../app/job-view.ts';
import type { JobId } from '../../contract/ids.ts';
import type { Job } from '../../domain/job.ts';
import { renderCard } from '../card.ts';
import type { MessageRef } from '../platform.ts';
import type { Delivery } from './delivery.ts';

const CARD = 'card';
const CARD_BEGUN = 'card-begun';

/** The state of a job as it is when it is asked for. */
export type Look = () => Promise<JobView>;

/** A card in its channel; `ref` is null when it could not be posted for good. */
export interface JobCard {
  ref: MessageRef | null;
  /** It shows how things stand: at least what was so when it was asked for. */
  upToDate: boolean;
}

interface UnderWay {
  card: Promise<JobCard>;
  /** What it will show was read already. */
  looked: boolean;
}

/** Every job's one card. A job's card and its thread may both need it: it is posted once. */
export class JobCards {
  readonly #refs: MessageRefs;
  readonly #delivery: Delivery;
  readonly #underWay = new Map<JobId, UnderWay>();

  constructor(refs: MessageRefs, delivery: Delivery) {
    this.#refs = refs;
    this.#delivery = delivery;
  }

  /** Null before it is posted. */
  find(id: JobId): Promise<MessageRef | null> {
    return this.#refs.find(id, CARD);
  }

  /**
   * Finds or posts it, for whoever comes first; the others get what that gives.
   *
   * @param gone a card that somebody has deleted: another one takes its place
   * @throws AnnounceError
   */
  async findOrPost(job: Job, look: Look, gone: MessageRef | null = null): Promise<JobCard> {
    const underWay = this.#underWay.get(job.id);
    if (underWay !== undefined) {
      const { looked } = underWay;
      const card = await underWay.card;
      return { ...card, upToDate: card.upToDate && !looked };
    }
    const mine: UnderWay = { card: Promise.resolve({ ref: null, upToDate: false }), looked: false };
    this.#underWay.set(job.id, mine);
    const looked: Look = () => {
      mine.looked = true;
      return look();
    };
    mine.card = this.#findOrPost(job, looked, gone).finally(() => this.#underWay.delete(job.id));
    return mine.card;
  }

  async #findOrPost(job: Job, look: Look, gone: MessageRef | null): Promise<JobCard> {
    const known = await this.find(job.id);
    if (known !== null && known !== gone) return { ref: known, upToDate: false };
    const nonce = known === null ? `${job.id}:${CARD}` : `${job.id}:${CARD}:${known}`;
    const to = { channel: job.origin.channel, nonce };
    // A post that was tried before may be there already, as things stood then.
    const triedBefore = (await this.#refs.find(job.id, CARD_BEGUN)) === nonce;
    if (!triedBefore) await this.#refs.save(job.id, CARD_BEGUN, to.nonce);
    await this.#delivery.turn(job, { kind: 'post', urgency: 'people' });
    const card = renderCard(await look());
    const ref = await this.#delivery.send(job, (platform) => platform.post(to, card));
    if (ref !== null) await this.#refs.save(job.id, CARD, ref);
    return { ref, upToDate: !triedBefore };
  }
}
