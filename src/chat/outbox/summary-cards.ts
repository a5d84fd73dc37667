import type { ChatPlace, SummaryRefs } from '../../app/chat-ports.ts';
import type { JobView } from '../../app/job-view.ts';
import type { Log } from '../../app/ports.ts';
import type { ChatMessage, ChatPlatform, MessageRef } from '../platform.ts';
import { closedSummary, renderSummary } from '../summary.ts';
import { sending } from './sending.ts';

/** The summary cards of all channels. Which are open is in the store; what they show only here. */
export class SummaryCards {
  readonly #refs: SummaryRefs;
  readonly #log: Log;
  /** What each card is known to show: one that says the same needs no edit. */
  readonly #shown = new Map<string, string>();

  constructor({ summaries, log }: { summaries: SummaryRefs; log: Log }) {
    this.#refs = summaries;
    this.#log = log;
  }

  /** Posts the card or edits it; without any jobs, closes it. @throws AnnounceError */
  async show(platform: ChatPlatform, place: ChatPlace, jobs: readonly JobView[]): Promise<void> {
    const [first] = jobs;
    const ref = await this.#refs.find(place);
    if (first === undefined) return this.#close(platform, place, ref);
    const message = renderSummary(jobs);
    if (ref === null) {
      await this.#post(platform, place, { message, now: first.now });
    } else if (this.#shown.get(keyOf(place)) !== JSON.stringify(message)) {
      await this.#edit(platform, place, { ref, message });
    }
  }

  async #post(
    platform: ChatPlatform,
    place: ChatPlace,
    { message, now }: { message: ChatMessage; now: number },
  ): Promise<void> {
    const mine = `summary:${place.channel}:${now}`;
    // A bot that was killed after its post began it under another nonce: the same message then.
    const nonce = await this.#refs.begin(place, mine);
    const { channel } = place;
    await sending(() => platform.turn({ kind: 'post', channel, urgency: 'stage' }));
    const ref = await sending(() => platform.post({ channel, nonce }, message));
    await this.#refs.save(place, ref);
    if (nonce === mine) this.#shown.set(keyOf(place), JSON.stringify(message));
  }

  async #edit(
    platform: ChatPlatform,
    place: ChatPlace,
    { ref, message }: { ref: MessageRef; message: ChatMessage },
  ): Promise<void> {
    const { channel } = place;
    // It says what dozens of cards say later, which wait for their turn.
    await sending(() => platform.turn({ kind: 'edit', channel, urgency: 'people' }));
    const gone = (await sending(() => platform.edit(ref, message).then(() => true))) === null;
    if (!gone) {
      this.#shown.set(keyOf(place), JSON.stringify(message));
      return;
    }
    this.#log.warn({ place }, 'a summary card is gone; the next one is posted anew');
    this.#shown.delete(keyOf(place));
    await this.#refs.save(place, null);
  }

  async #close(platform: ChatPlatform, place: ChatPlace, known: MessageRef | null): Promise<void> {
    const message = closedSummary();
    const ref = known ?? (await this.#findBegun(platform, place, message));
    if (ref !== null) await this.#edit(platform, place, { ref, message });
    await this.#refs.save(place, null);
    this.#shown.delete(keyOf(place));
  }

  /** The message of an opening whose post was only begun: it is there, or comes now, closed. */
  async #findBegun(
    platform: ChatPlatform,
    place: ChatPlace,
    message: ChatMessage,
  ): Promise<MessageRef | null> {
    const { channel } = place;
    const isOpen = (await this.#refs.open()).some((other) => keyOf(other) === keyOf(place));
    if (!isOpen) return null;
    const nonce = await this.#refs.begin(place, '');
    await sending(() => platform.turn({ kind: 'post', channel, urgency: 'stage' }));
    return sending(() => platform.post({ channel, nonce }, message));
  }
}

function keyOf({ platform, channel }: ChatPlace): string {
  return `${platform}:${channel}`;
}
