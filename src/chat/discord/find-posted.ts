import { RequestMethod, Routes } from 'discord.js';
import { z } from 'zod';
import type { Clock } from '../../app/ports.ts';
import type { DiscordApi } from './call.ts';
import { PostedMessage } from './mark.ts';
import { type DiscordPlace, firstSnowflakeAt } from './ref.ts';

const PAGE = 100;
const MARGIN_MS = 60_000;
/** How far back, when the clock says that the try will begin in the future. */
const DAY_MS = 86_400_000;

const Page = z.array(PostedMessage);

/** Finds what the bot sent before it lost its memory. */
export class PostedFinder {
  readonly #api: DiscordApi;
  readonly #clock: Clock;

  constructor(parts: { api: DiscordApi; clock: Clock }) {
    this.#api = parts.api;
    this.#clock = parts.clock;
  }

  /**
   * The message in a channel or thread that is the one; null without.
   *
   * @param begunAt epoch ms by the bot's clock
   * @throws DiscordCallError
   */
  async find(
    channel: string,
    begunAt: number,
    isIt: (message: PostedMessage) => boolean,
  ): Promise<DiscordPlace | null> {
    let after = firstSnowflakeAt(this.#discordTimeOf(begunAt));
    for (;;) {
      const page = await this.#page(channel, after);
      const message = page.find(isIt);
      if (message !== undefined) return { channel, message: message.id };
      if (page.length < PAGE) return null;
      after = page.map(({ id }) => id).reduce(later);
    }
  }

  #page(channel: string, after: string): Promise<PostedMessage[]> {
    const query = new URLSearchParams({ after, limit: String(PAGE) });
    return this.#api.call(
      { method: RequestMethod.Get, fullRoute: Routes.channelMessages(channel), query },
      Page,
    );
  }

  /** Discord's clock is the real one; the bot's may be a lab's, so only its distances are used. */
  #discordTimeOf(begunAt: number): number {
    const passedMs = this.#clock.now() - begunAt;
    return Date.now() - (passedMs < 0 ? DAY_MS : passedMs) - MARGIN_MS;
  }
}

function later(one: string, other: string): string {
  return BigInt(one) > BigInt(other) ? one : other;
}
