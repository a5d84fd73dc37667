import { setTimeout } from 'node:timers/promises';
import type { Client } from 'discord.js';
import type { Log } from '../../app/ports.ts';
import { backoffMs } from '../backoff.ts';
import type { ChatRefusedError } from '../platform.ts';
import { tokenRefusal } from './discord-errors.ts';
import { CommandsRefusedError, registerCommands } from './register.ts';
import { failureOf } from './rest-answers.ts';

/** Somebody has to act first, and Discord counts what is registered. */
const REFUSED_RETRY_MS = 10 * 60_000;

interface Settings {
  guild: string;
  log: Log;
  onRefused: (error: ChatRefusedError) => void;
}

/** Sees to it that the guild has the commands of this bot, however long that takes. */
export class KeptCommands {
  readonly #settings: Settings;
  #trying: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Resolves after the first try, whatever that came to. */
  bringUpToDate(client: Client<true>): Promise<void> {
    this.#trying?.abort();
    const trying = new AbortController();
    this.#trying = trying;
    return new Promise((tried) => {
      this.#running = this.#running.then(() => this.#register(client, { signal: trying.signal, tried }));
    });
  }

  /** No further try. */
  stop(): void {
    this.#trying?.abort();
  }

  async #register(
    client: Client<true>,
    { signal, tried }: { signal: AbortSignal; tried: () => void },
  ): Promise<void> {
    for (let failures = 1; !signal.aborted; failures += 1) {
      const pauseMs = await this.#try(client, { failures, signal });
      tried();
      if (pauseMs === null) return;
      await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
    }
    tried();
  }

  /** Ms until the next try; null when there is none. */
  async #try(
    client: Client<true>,
    { failures, signal }: { failures: number; signal: AbortSignal },
  ): Promise<number | null> {
    const { guild, log } = this.#settings;
    try {
      await registerCommands(client.rest, { applicationId: client.application.id, guild, log });
      return null;
    } catch (error) {
      return signal.aborted ? null : this.#failed(error, failures);
    }
  }

  #failed(error: unknown, failures: number): number | null {
    const { log, onRefused } = this.#settings;
    if (error instanceof CommandsRefusedError) {
      log.error({ err: error }, error.message);
      return REFUSED_RETRY_MS;
    }
    const failure = failureOf(error);
    const refused = tokenRefusal(failure);
    if (refused !== null) {
      onRefused(refused);
      return null;
    }
    log.warn({ failure }, "the guild's commands could not be looked at; it is tried again");
    return backoffMs(failures, Math.random());
  }
}
