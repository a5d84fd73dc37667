import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Clock, Log } from '../../app/ports.ts';
import type { Found } from '../sending/post-once.ts';
import { called, SlackCallError } from './failure.ts';
import type { SlackPlace } from './ref.ts';
import { lacksScope, tokenRefusal } from './slack-errors.ts';

/** Where to look: the channel itself, or one of its threads. */
export interface Whereabouts {
  channel: string;
  thread: string | null;
}

/** What every message of the bot carries, so that it can be found again. */
export function nonceMetadata(nonce: string) {
  return { event_type: EVENT_TYPE, event_payload: { nonce } };
}

const EVENT_TYPE = 'testbox_message';
const PAGE = 200;
const MARGIN_MS = 60_000;
/** How far back, when the clock says that the try will begin in the future. */
const DAY_MS = 86_400_000;

/** Others' messages come by too: whatever they look like, ours is among them. */
const Message = z.object({
  ts: z.string().catch(''),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.object({ nonce: z.string() }) })
    .nullish()
    .catch(null),
  files: z
    .array(z.object({ name: z.string().nullish() }))
    .nullish()
    .catch(null),
});
type Message = z.infer<typeof Message>;

/** Finds what the bot sent before it lost its memory. */
export class PostedFinder {
  readonly #client: WebClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #told = new Set<string>();

  constructor(parts: { client: WebClient; clock: Clock; log: Log }) {
    this.#client = parts.client;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /**
   * The message that carries this nonce.
   *
   * @param tried.begunAt epoch ms by the bot's clock
   * @throws SlackCallError when Slack can't be asked now
   */
  async message(place: Whereabouts, tried: { nonce: string; begunAt: number }): Promise<Found<SlackPlace>> {
    // Direct messages have no history without a scope for reading people's own.
    if (/^[UW]/.test(place.channel)) return { kind: 'unknown' };
    return this.#find(place, this.#slackTimeOf(tried.begunAt), ({ metadata }) => {
      return metadata?.event_type === EVENT_TYPE && metadata.event_payload.nonce === tried.nonce;
    });
  }

  /**
   * A file of this name that came into the thread after the message `after`.
   *
   * @throws SlackCallError when Slack can't be asked now
   */
  file(place: Whereabouts, file: { name: string; after: string }): Promise<Found<SlackPlace>> {
    return this.#find(
      place,
      file.after,
      ({ files }) => files?.some(({ name }) => name === file.name) ?? false,
    );
  }

  async #find(
    place: Whereabouts,
    oldest: string,
    isIt: (message: Message) => boolean,
  ): Promise<Found<SlackPlace>> {
    try {
      for await (const page of this.#pages(place, oldest)) {
        const message = page.find(isIt);
        if (message !== undefined)
          return { kind: 'found', place: { channel: place.channel, ts: message.ts } };
      }
      return { kind: 'absent' };
    } catch (error) {
      return this.#notShown(error);
    }
  }

  async *#pages({ channel, thread }: Whereabouts, oldest: string): AsyncGenerator<Message[]> {
    const { conversations } = this.#client;
    const about = { channel, oldest, limit: PAGE, include_all_metadata: true };
    let cursor = '';
    do {
      const asked = cursor === '' ? about : { ...about, cursor };
      const page = await called<{ messages?: unknown; response_metadata?: { next_cursor?: string } }>(
        thread === null ? conversations.history(asked) : conversations.replies({ ...asked, ts: thread }),
      );
      yield z.array(Message).catch([]).parse(page.messages);
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
  }

  #notShown(error: unknown): Found<SlackPlace> {
    const failure = error instanceof SlackCallError ? error.failure : null;
    if (failure?.kind !== 'refused' || tokenRefusal('SLACK_BOT_TOKEN', failure) !== null) throw error;
    const { code } = failure;
    if (GONE.has(code)) return { kind: 'absent' };
    const why = code === 'missing_scope' ? lacksScope(failure) : code;
    if (!this.#told.has(why))
      this.#log.error({ why }, 'Slack does not show what was posted: after a crash a message may come twice');
    this.#told.add(why);
    return { kind: 'unknown' };
  }

  /** Slack's clock is the real one; the bot's may be a lab's, so only its distances are used. */
  #slackTimeOf(begunAt: number): string {
    const passedMs = this.#clock.now() - begunAt;
    const agoMs = (passedMs < 0 ? DAY_MS : passedMs) + MARGIN_MS;
    return ((Date.now() - agoMs) / 1000).toFixed(6);
  }
}

/** The thread itself is gone, and what was in it. */
const GONE: ReadonlySet<string> = new Set(['thread_not_found', 'message_not_found']);
