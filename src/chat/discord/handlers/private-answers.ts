import { MessageFlags, type RESTPostAPICurrentUserCreateDMChannelResult, Routes } from 'discord.js';
import { z } from 'zod';
import type { ChatMessage, PrivateAnswers } from '../../platform.ts';
import { type DiscordPayload, discordMessage } from '../render/message.ts';
import type { HandlerParts } from './parts.ts';

/** The right to answer one interaction; Discord's token for it lives for 15 minutes. */
export interface Answerable {
  applicationId: string;
  token: string;
  user: { id: string };
}

/**
 * What the interaction began with. `thinking`: a reply that waits for its words; `private`: a click
 * on a message that only this person sees; `public`: a click on one that everybody sees.
 */
export type Beginning = 'thinking' | 'private' | 'public';

type AnswerParts = Pick<HandlerParts, 'rest' | 'links' | 'log'>;

/** Answers where the person looks, and by direct message when Discord takes none there any more. */
export class DiscordAnswers implements PrivateAnswers {
  readonly #to: Answerable;
  /** Whether the message that was clicked can be replaced: it is private, and still there. */
  #isReplaceable: boolean;
  readonly #parts: AnswerParts;
  #isThinking: boolean;
  /** One after the other: a second answer that overtook the first would take its place. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ to, began }: { to: Answerable; began: Beginning }, parts: AnswerParts) {
    this.#to = to;
    this.#isReplaceable = began === 'private';
    this.#isThinking = began === 'thinking';
    this.#parts = parts;
  }

  /** An answer may come twice when Discord took it and did not say so: better than none. */
  answer(message: ChatMessage): Promise<void> {
    return this.#inTurn(() => this.#answer(message));
  }

  replace(message: ChatMessage | null): Promise<void> {
    return this.#inTurn(() => this.#replace(message));
  }

  /** Shows one a payload of ours that is no message of the app's, such as a question. */
  async show(payload: DiscordPayload): Promise<void> {
    await this.#inTurn(() => this.#followUp(payload));
  }

  /** Nobody is left looking at a bot that thinks and has nothing to say. Doesn't throw. */
  settle(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isThinking) return;
      this.#isThinking = false;
      await this.#worked('a reply without words stays', () => this.#deleteOriginal());
    });
  }

  async #answer(message: ChatMessage): Promise<void> {
    const payload = discordMessage(message, this.#parts.links);
    if (await this.#shown(payload)) this.#isThinking = false;
    else await this.#direct(message);
  }

  /** Discord puts a message that comes behind a reply without words in that reply's place. */
  async #shown(payload: DiscordPayload): Promise<boolean> {
    if (this.#isThinking && (await this.#took(() => this.#editOriginal(payload)))) return true;
    return this.#took(() => this.#followUp(payload));
  }

  async #replace(message: ChatMessage | null): Promise<void> {
    if (this.#isReplaceable && (await this.#took(() => this.#putInPlace(message)))) {
      this.#isReplaceable = message !== null;
      return;
    }
    // An old private one that can't be changed stays; its buttons are checked at every press.
    if (message !== null) await this.#answer(message);
  }

  #putInPlace(message: ChatMessage | null): Promise<unknown> {
    if (message === null) return this.#deleteOriginal();
    return this.#editOriginal(discordMessage(message, this.#parts.links));
  }

  #editOriginal(payload: DiscordPayload): Promise<unknown> {
    return this.#parts.rest.patch(this.#original(), { body: payload, auth: false });
  }

  #deleteOriginal(): Promise<unknown> {
    return this.#parts.rest.delete(this.#original(), { auth: false });
  }

  #followUp(payload: DiscordPayload): Promise<unknown> {
    const { applicationId, token } = this.#to;
    const body = { ...payload, flags: MessageFlags.Ephemeral };
    return this.#parts.rest.post(Routes.webhook(applicationId, token), { body, auth: false });
  }

  async #direct(message: ChatMessage): Promise<void> {
    const { rest, links } = this.#parts;
    const opened = await rest.post(Routes.userChannels(), { body: { recipient_id: this.#to.user.id } });
    const { id } = DirectChannel.parse(opened);
    await rest.post(Routes.channelMessages(id), { body: discordMessage(withoutButtons(message), links) });
  }

  #original(): `/${string}` {
    return Routes.webhookMessage(this.#to.applicationId, this.#to.token, '@original');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  #took(way: () => Promise<unknown>): Promise<boolean> {
    return this.#worked('an answer takes another way', way);
  }

  async #worked(otherwise: string, way: () => Promise<unknown>): Promise<boolean> {
    try {
      await way();
      return true;
    } catch (error) {
      this.#parts.log.warn({ err: error, user: this.#to.user.id }, otherwise);
      return false;
    }
  }
}

const DirectChannel: z.ZodType<Pick<RESTPostAPICurrentUserCreateDMChannelResult, 'id'>> = z.object({
  id: z.string(),
});

/** In direct messages Discord doesn't say which roles somebody has: no press there is heeded. */
function withoutButtons(message: ChatMessage): ChatMessage {
  if (message.buttons.length === 0) return message;
  const note = 'What can be pressed is shown in your server only: ask again there.';
  return { ...message, buttons: [], lines: [...message.lines, note] };
}
