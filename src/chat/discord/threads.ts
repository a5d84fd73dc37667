import { RESTJSONErrorCodes as Code, RequestMethod, Routes } from 'discord.js';
import { z } from 'zod';
import { type DiscordApi, DiscordCallError } from './call.ts';
import { isRefusal } from './discord-errors.ts';
import type { DiscordPlace } from './ref.ts';

/** So many cards are remembered: far more than are at work at one time. */
const REMEMBERED = 1_000;
/** Minutes without a message until Discord takes a thread out of people's lists: a day. */
const ARCHIVE_AFTER = 1440;
/** Of a thread's name. */
const NAME_LENGTH = 100;

type Opened = 'open' | 'no-card';

/** The threads on cards. A thread that is started from a message has the message's id. */
export class Threads {
  readonly #api: DiscordApi;
  /** Cards whose thread was seen. */
  readonly #seen = new Map<string, true>();
  readonly #titles = new Map<string, string>();

  constructor(api: DiscordApi) {
    this.#api = api;
  }

  /** What the thread on this card is called when it is started. */
  name(card: DiscordPlace, title: string | null): void {
    if (title !== null && !this.#seen.has(card.message)) remember(this.#titles, card.message, title);
  }

  /**
   * Has something done in the card's thread, which is started if need be. Null: the thread is
   * locked or was deleted, and nothing can be posted there.
   *
   * @param name for a thread whose card's title nobody remembers
   * @throws DiscordCallError, with `Unknown Message` when neither card nor thread are there
   */
  async within<T>(card: DiscordPlace, name: string, work: (thread: string) => Promise<T>): Promise<T | null> {
    const wasSeen = this.#seen.has(card.message);
    const opened = wasSeen ? 'open' : await this.#open(card, name);
    try {
      const done = await work(card.message);
      remember(this.#seen, card.message, true);
      this.#titles.delete(card.message);
      return done;
    } catch (error) {
      if (isRefusal(error, LOCKED)) return null;
      if (!isRefusal(error, MISSING)) throw error;
      this.#seen.delete(card.message);
      if (wasSeen) return this.within(card, name, work);
      if (opened === 'no-card') throw cardGone(error);
      return null;
    }
  }

  /** Takes the thread out of the archive. @throws DiscordCallError */
  async unarchive(thread: string): Promise<void> {
    await this.#api.call(
      { method: RequestMethod.Patch, fullRoute: Routes.channel(thread), body: { archived: false } },
      z.unknown(),
    );
  }

  async #open({ channel, message }: DiscordPlace, fallback: string): Promise<Opened> {
    const title = this.#titles.get(message);
    const name = clipped(title === undefined ? fallback : lasting(title));
    const body = { name, auto_archive_duration: ARCHIVE_AFTER };
    try {
      await this.#api.call(
        { method: RequestMethod.Post, fullRoute: Routes.threads(channel, message), body },
        z.unknown(),
      );
    } catch (error) {
      if (isRefusal(error, NO_CARD)) return 'no-card';
      if (!isRefusal(error, THERE_ALREADY)) throw error;
    }
    return 'open';
  }
}

function remember<Value>(values: Map<string, Value>, key: string, value: Value): void {
  values.delete(key);
  values.set(key, value);
  for (const oldest of values.keys()) {
    if (values.size <= REMEMBERED) break;
    values.delete(oldest);
  }
}

/** Somebody archived it, or Discord did; a post takes it out again, an edit doesn't. */
export const ARCHIVED: ReadonlySet<number> = new Set([Code.InvalidActionOnArchivedThread]);

const THERE_ALREADY: ReadonlySet<number> = new Set([Code.ThreadAlreadyCreatedForMessage]);
const NO_CARD: ReadonlySet<number> = new Set([Code.UnknownMessage]);
const MISSING: ReadonlySet<number> = new Set([Code.UnknownChannel]);
const LOCKED: ReadonlySet<number> = new Set([Code.InvalidActionOnArchivedThread, Code.ThreadLocked]);

function cardGone(cause: DiscordCallError): DiscordCallError {
  const failure = {
    kind: 'refused',
    code: Code.UnknownMessage,
    status: 404,
    message: 'Unknown Message',
  } as const;
  return new DiscordCallError(failure, { hadNoEffect: true, cause });
}

/** A thread keeps its name: the sign and the stage in a card's title are only so for a while. */
function lasting(title: string): string {
  const [what = title] = title.split(': ');
  return what.replace(/^[^\p{L}\p{N}]+/u, '');
}

function clipped(name: string): string {
  const characters = [...name.trim()];
  if (characters.length === 0) return 'Testbox';
  return characters.length <= NAME_LENGTH
    ? characters.join('')
    : `${characters.slice(0, NAME_LENGTH - 1).join('')}…`;
}
