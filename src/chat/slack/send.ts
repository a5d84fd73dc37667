import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import type { PostLedger } from '../../app/chat-ports.ts';
import type { Clock, Log } from '../../app/ports.ts';
import type { Pacer, PacerClock } from '../pacer.ts';
import { type ChatMessage, type ChatRefusedError, MessageGoneError, type MessageRef } from '../platform.ts';
import { EditOrder } from '../sending/edits.ts';
import { PostOnce } from '../sending/post-once.ts';
import type { CardLinks } from './blocks/links.ts';
import { messageBlocks, type RenderedMessage } from './blocks/message.ts';
import { EDITS, postsIn } from './budgets.ts';
import { called, hadNoEffect, SlackCallError, type SlackFailure } from './failure.ts';
import { nonceMetadata, PostedFinder } from './find-posted.ts';
import { fileTail, LogFiles } from './log-file.ts';
import { PostGap } from './post-gap.ts';
import { parseRef, type SlackPlace, toRef } from './ref.ts';
import { awaitingToken, dislikesContent, editError, postError, tokenRefusal } from './slack-errors.ts';

export interface SenderParts {
  /** Whose every failure is told at once. */
  client: WebClient;
  pacer: Pacer;
  /** The pacer's. */
  turns: PacerClock;
  ledger: PostLedger;
  links: CardLinks;
  clock: Clock;
  log: Log;
  /** Hears of every call that Slack refuses because of the bot token. */
  onRefused: (error: ChatRefusedError) => void;
}

export interface Destination {
  /** Id of a channel, or of a person for a direct message. */
  channel: string;
  /** Time stamp of the thread's root; null for the channel itself. */
  thread: string | null;
  /** Shows a reply in the channel too. */
  broadcast: boolean;
  nonce: string;
}

/** Posts and edits over the Web API: each message once, in order, in words that the chat layer knows. */
export class SlackSender {
  readonly #parts: SenderParts;
  readonly #once: PostOnce<SlackPlace>;
  readonly #finder: PostedFinder;
  readonly #files: LogFiles;
  readonly #edits = new EditOrder();
  readonly #gap: PostGap;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#once = new PostOnce({ ...parts, toRef, postedNothing });
    this.#finder = new PostedFinder(parts);
    this.#files = new LogFiles({ ...parts, finder: this.#finder });
    this.#gap = new PostGap(parts.turns);
  }

  /** @throws ChatUnavailableError, ChannelRefusedError, MessageGoneError */
  async post(to: Destination, message: ChatMessage): Promise<MessageRef> {
    const { attachment } = message;
    try {
      return await this.#postOnce(to, messageBlocks(message, this.#parts.links), async (place, again) => {
        if (attachment === null || attachment.content === '') return;
        const thread = to.thread ?? place.ts;
        if (await this.#files.share({ message: place, thread }, attachment, again)) return;
        await this.#postTail({ ...to, channel: place.channel, thread }, fileTail(attachment));
      });
    } catch (error) {
      throw this.#chatError(error, (failure) => postError(failure, to.channel));
    }
  }

  /** @throws ChatUnavailableError, MessageGoneError */
  async edit(ref: MessageRef, message: ChatMessage): Promise<void> {
    const place = parseRef(ref);
    if (place === null) throw new MessageGoneError(`${ref} is no message on Slack.`);
    const content = messageBlocks(message, this.#parts.links);
    try {
      await this.#edits.run(ref, content, () => this.#update(place, content));
    } catch (error) {
      throw this.#chatError(error, (failure) => editError(failure, place.channel));
    }
  }

  #postOnce(
    to: Destination,
    content: RenderedMessage,
    complete: (place: SlackPlace, again: boolean) => Promise<void>,
  ): Promise<MessageRef> {
    return this.#once.run(to.nonce, {
      find: (begunAt) => this.#finder.message(to, { nonce: to.nonce, begunAt }),
      post: () => this.#postNow(to, content),
      complete,
    });
  }

  /** In the place of a file that Slack doesn't take. */
  async #postTail(to: Destination, content: RenderedMessage): Promise<void> {
    await this.#parts.pacer.turn(postsIn(to.channel), 'people');
    await this.#postOnce({ ...to, broadcast: false, nonce: `${to.nonce}:file` }, content, async () => {});
  }

  async #postNow(to: Destination, content: RenderedMessage): Promise<SlackPlace> {
    const lane = postsIn(to.channel);
    const posted = await this.#withWords(lane, content, (shown) =>
      this.#gap.run(to.channel, () => called(this.#parts.client.chat.postMessage(postArguments(to, shown)))),
    );
    if (posted.ts === undefined) {
      const failure = {
        kind: 'unreachable',
        why: 'an answer without a message',
        mayHaveEffect: true,
      } as const;
      throw new SlackCallError(failure, posted);
    }
    const place = { channel: posted.channel ?? to.channel, ts: posted.ts };
    if (to.thread !== null && posted.message !== undefined && posted.message.thread_ts === undefined)
      await this.#withdraw(place);
    this.#edits.remember(toRef(place), content);
    return place;
  }

  /**
   * A reply to a deleted message comes out in the channel, and only the answer tells.
   *
   * @throws SlackCallError, as if Slack had refused it
   */
  async #withdraw({ channel, ts }: SlackPlace): Promise<never> {
    try {
      await called(this.#parts.client.chat.delete({ channel, ts }));
    } catch (error) {
      this.#parts.log.warn({ err: error, channel, ts }, 'a reply without its thread stays in the channel');
    }
    const failure = { kind: 'refused', code: 'thread_not_found', needed: null, details: [] } as const;
    throw new SlackCallError(failure, null);
  }

  async #update({ channel, ts }: SlackPlace, content: RenderedMessage): Promise<void> {
    await this.#withWords(EDITS, content, ({ text, blocks }) =>
      called(this.#parts.client.chat.update({ channel, ts, text, blocks })),
    );
  }

  /** Sends it, and its words alone when Slack doesn't take its form: nobody is left without a word. */
  async #withWords<T>(
    lane: string,
    content: RenderedMessage,
    send: (content: RenderedMessage) => Promise<T>,
  ): Promise<T> {
    const { pacer, log } = this.#parts;
    try {
      return await send(content);
    } catch (error) {
      if (!(error instanceof SlackCallError)) throw error;
      const { failure } = error;
      if (failure.kind === 'limited') pacer.block(lane, failure.retryAfterMs);
      if (!dislikesContent(failure)) throw error;
      log.error({ failure, content }, 'Slack does not take the form of a message; its words are sent alone');
      await pacer.turn(lane, 'people');
      return send({ text: content.text, blocks: [] });
    }
  }

  /** What isn't Slack's doing stays as it is. */
  #chatError(error: unknown, translate: (failure: SlackFailure) => Error): unknown {
    if (!(error instanceof SlackCallError)) return error;
    const { failure } = error;
    const refused = tokenRefusal('SLACK_BOT_TOKEN', failure);
    if (refused !== null) {
      this.#parts.onRefused(refused);
      return awaitingToken(refused);
    }
    const translated = translate(failure);
    if (failure.kind !== 'unreachable')
      this.#parts.log.warn({ failure, err: translated }, 'Slack did not take a message');
    return translated;
  }
}

/** Slack's failures only: what failed on our own side may have come after the post. */
function postedNothing(error: unknown): boolean {
  return error instanceof SlackCallError && hadNoEffect(error.failure);
}

function postArguments(to: Destination, { text, blocks }: RenderedMessage): ChatPostMessageArguments {
  const message = {
    channel: to.channel,
    text,
    metadata: nonceMetadata(to.nonce),
    // What a link leads to, or what looks like one in what a box says, isn't shown below.
    unfurl_links: false,
    unfurl_media: false,
    ...(blocks.length === 0 ? {} : { blocks }),
  };
  if (to.thread === null) return message;
  return to.broadcast
    ? { ...message, thread_ts: to.thread, reply_broadcast: true }
    : { ...message, thread_ts: to.thread };
}
