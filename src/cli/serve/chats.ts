import type { Logger } from 'pino';
import type { ChatPlatform, ChatRefusedError, Inbound } from '../../chat/platform.ts';
import { afterwards } from './afterwards.ts';

/** The chats that the bot is in: started together, and stopped when none of them takes it any more. */
export class Chats {
  readonly platforms: readonly ChatPlatform[];
  /** Resolves when the last chat has refused the bot's tokens. Never, while there is another. */
  readonly failed: Promise<ChatRefusedError>;
  readonly #log: Logger;
  readonly #refused = new Set<ChatPlatform['name']>();
  readonly #opening = Promise.withResolvers<void>();
  readonly #failing = Promise.withResolvers<ChatRefusedError>();
  #stopped = false;

  /** @param make is given what to call when a chat refuses its tokens later on */
  constructor(make: (onRefused: OnRefused) => readonly ChatPlatform[], log: Logger) {
    this.failed = this.#failing.promise;
    this.#log = log;
    this.platforms = make((name, error) => this.#lose(name, error));
  }

  /**
   * Resolves when each chat was tried once. What people say waits for `open`.
   *
   * @throws ChatRefusedError
   */
  async start(inbound: Inbound): Promise<void> {
    const later = afterwards(this.#opening.promise, inbound);
    for (const platform of this.platforms) {
      if (this.#stopped) return;
      await platform.start(later);
    }
  }

  /** From now on people are heard. */
  open(): void {
    this.#opening.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const platform of this.platforms) await platform.stop();
  }

  #lose(name: ChatPlatform['name'], error: ChatRefusedError): void {
    this.#refused.add(name);
    this.#log.fatal({ platform: name, why: error.message }, 'a chat refuses the bot');
    const left = this.platforms.map((platform) => platform.name).filter((each) => !this.#refused.has(each));
    if (left.length === 0) this.#failing.resolve(error);
    else this.#log.warn({ platforms: left }, 'the bot carries on without it');
  }
}

export type OnRefused = (name: ChatPlatform['name'], error: ChatRefusedError) => void;
