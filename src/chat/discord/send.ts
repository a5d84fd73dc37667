import { RESTJSONErrorCodes as Code } from 'discord.js';
import type { PostLedger } from '../../app/chat-ports.ts';
import type { Clock } from '../../app/ports.ts';
import { message as chatMessage } from '../message.ts';
import { type ChatMessage, type ChatRefusedError, MessageGoneError, type MessageRef } from '../platform.ts';
import { EditOrder } from '../sending/edits.ts';
import { type Found, PostOnce } from '../sending/post-once.ts';
import { postsIn } from './budgets.ts';
import { DiscordCallError } from './call.ts';
import { DirectMessages } from './direct-messages.ts';
import {
  awaitingToken,
  directMessageError,
  editError,
  isRefusal,
  postError,
  tokenRefusal,
} from './discord-errors.ts';
import { PostedFinder } from './find-posted.ts';
import { carries, type Mark, markOf } from './mark.ts';
import { Messages, type MessagesParts } from './messages.ts';
import { type DiscordPlace, parseRef, toRef } from './ref.ts';
import type { DiscordFailure } from './rest-answers.ts';
import { ARCHIVED, Threads } from './threads.ts';

export interface SenderParts extends MessagesParts {
  guild: string;
  ledger: PostLedger;
  clock: Clock;
  /** A channel as people know it, such as `#lab`. */
  channelName: (channel: string) => string;
  /** Hears of every call that Discord refuses because of the token. */
  onRefused: (error: ChatRefusedError) => void;
}

export interface ThreadPost {
  card: MessageRef;
  nonce: string;
  broadcast: boolean;
}

/** Posts and edits over the REST API: each message once, in order, in words that the chat layer knows. */
export class DiscordSender {
  readonly #parts: SenderParts;
  readonly #messages: Messages;
  readonly #threads: Threads;
  readonly #finder: PostedFinder;
  readonly #once: PostOnce<DiscordPlace>;
  readonly #direct: DirectMessages;
  readonly #edits = new EditOrder();

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#messages = new Messages(parts);
    this.#threads = new Threads(parts.api);
    this.#finder = new PostedFinder(parts);
    this.#once = new PostOnce({ ...parts, toRef, postedNothing });
    this.#direct = new DirectMessages(parts.api);
  }

  /** @throws ChatUnavailableError, ChannelRefusedError */
  post({ channel, nonce }: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef> {
    return this.#told(
      (failure) => postError(failure, this.#parts.channelName(channel)),
      () => this.#postOnce({ channel, replyTo: null, nonce }, message),
    );
  }

  /** @throws ChatUnavailableError, ChannelRefusedError, MessageGoneError */
  async postInThread(to: ThreadPost, message: ChatMessage): Promise<MessageRef> {
    const card = placeOf(to.card);
    return this.#told(
      (failure) => postError(failure, this.#parts.channelName(card.channel)),
      () =>
        this.#once.run(to.nonce, {
          find: (begunAt) => this.#find([card.message, card.channel], { ...to, begunAt }, message),
          post: () => this.#postToThread(card, to.nonce, message),
          complete: async (posted) => {
            if (to.broadcast && posted.channel !== card.channel)
              await this.#broadcast(card, to.nonce, message);
          },
        }),
    );
  }

  /** @throws ChatUnavailableError, MessageGoneError; OldEditsError when it is too old for another one now */
  async edit(ref: MessageRef, message: ChatMessage): Promise<void> {
    const place = placeOf(ref);
    this.#threads.name(place, message.title);
    const content = this.#messages.rendered(message);
    await this.#told(
      (failure) => editError(failure, this.#parts.channelName(place.channel)),
      () => this.#edits.run(ref, content, () => this.#edit(place, message)),
    );
  }

  /** @throws ChatUnavailableError, ChannelRefusedError */
  async tellPerson({ user, nonce }: { user: string; nonce: string }, message: ChatMessage): Promise<void> {
    await this.#told(
      (failure) => directMessageError(failure, user),
      async () => {
        const channel = await this.#direct.channelTo(user);
        await this.#postOnce({ channel, replyTo: null, nonce }, message);
      },
    );
  }

  /** The message of this nonce that was posted before; null without. */
  posted(nonce: string): Promise<MessageRef | null> {
    return this.#once.posted(nonce);
  }

  #postOnce(
    to: { channel: string; replyTo: string | null; nonce: string },
    message: ChatMessage,
  ): Promise<MessageRef> {
    return this.#once.run(to.nonce, {
      find: (begunAt) => this.#find([to.channel], { nonce: to.nonce, begunAt }, message),
      post: () => this.#post({ ...to, lane: to.channel }, message),
      complete: async () => {},
    });
  }

  /** A thread that takes nothing doesn't silence the job: the channel gets it, as an answer to the card. */
  async #postToThread(card: DiscordPlace, nonce: string, message: ChatMessage): Promise<DiscordPlace> {
    const lane = card.channel;
    const posted = await this.#threads.within(card, message.title ?? message.text, (channel) =>
      this.#post({ channel, replyTo: null, nonce, lane }, message),
    );
    if (posted !== null) return posted;
    this.#parts.log.warn({ card }, 'the thread of a card is locked or gone; its channel is told instead');
    await this.#parts.pacer.turn(postsIn(lane), 'people');
    return this.#post({ channel: lane, replyTo: card.message, nonce, lane }, message);
  }

  /** Discord shows nothing of a thread in its channel: there it is said briefly, with the way into the thread. */
  async #broadcast(card: DiscordPlace, nonce: string, { text }: ChatMessage): Promise<void> {
    const { channel, message: thread } = card;
    const brief = chatMessage({ text, card: { channel: thread, ref: null } });
    await this.#parts.pacer.turn(postsIn(channel), 'people');
    await this.#postOnce({ channel, replyTo: thread, nonce: `${nonce}:channel` }, brief);
  }

  async #post(
    to: { channel: string; replyTo: string | null; nonce: string; lane: string },
    message: ChatMessage,
  ): Promise<DiscordPlace> {
    const place = await this.#messages.post({ ...to, mark: this.#mark(to) }, message);
    this.#threads.name(place, message.title);
    this.#edits.remember(toRef(place), this.#messages.rendered(message));
    return place;
  }

  async #edit(place: DiscordPlace, message: ChatMessage): Promise<void> {
    try {
      await this.#messages.edit(place, message);
    } catch (error) {
      if (!isRefusal(error, ARCHIVED)) throw error;
      await this.#threads.unarchive(place.channel);
      await this.#messages.edit(place, message);
    }
  }

  async #find(
    channels: readonly string[],
    { nonce, begunAt }: { nonce: string; begunAt: number },
    message: ChatMessage,
  ): Promise<Found<DiscordPlace>> {
    const payload = this.#messages.rendered(message);
    for (const channel of channels) {
      const mark = this.#mark({ nonce, channel });
      const place = await this.#lookThrough(() =>
        this.#finder.find(channel, begunAt, (posted) => carries(posted, mark, payload)),
      );
      if (place !== null) return { kind: 'found', place };
    }
    return { kind: 'absent' };
  }

  /** A thread that nobody has started yet has nothing in it. */
  async #lookThrough(look: () => Promise<DiscordPlace | null>): Promise<DiscordPlace | null> {
    try {
      return await look();
    } catch (error) {
      if (isRefusal(error, MISSING)) return null;
      throw error;
    }
  }

  #mark({ nonce, channel }: { nonce: string; channel: string }): Mark {
    return markOf(nonce, { guild: this.#parts.guild, channel });
  }

  /** What isn't Discord's doing stays as it is. */
  async #told<T>(translate: (failure: DiscordFailure) => Error, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof DiscordCallError)) throw error;
      const { failure } = error;
      const refused = tokenRefusal(failure);
      if (refused !== null) {
        this.#parts.onRefused(refused);
        throw awaitingToken(refused);
      }
      const translated = translate(failure);
      if (failure.kind === 'refused')
        this.#parts.log.warn({ failure, err: translated }, 'Discord did not take a message');
      throw translated;
    }
  }
}

const MISSING: ReadonlySet<number> = new Set([Code.UnknownChannel]);

/** Discord's failures only: what failed on our own side may have come after the post. */
function postedNothing(error: unknown): boolean {
  return error instanceof DiscordCallError && error.hadNoEffect;
}

/** @throws MessageGoneError */
function placeOf(ref: MessageRef): DiscordPlace {
  const place = parseRef(ref);
  if (place === null) throw new MessageGoneError(`${ref} is no message on Discord.`);
  return place;
}
