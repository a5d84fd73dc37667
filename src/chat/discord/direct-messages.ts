import { RequestMethod, Routes } from 'discord.js';
import { z } from 'zod';
import type { DiscordApi } from './call.ts';

const Channel = z.object({ id: z.string() });

/** The channels of direct messages: Discord gives the same one for a person each time. */
export class DirectMessages {
  readonly #api: DiscordApi;
  readonly #channels = new Map<string, string>();

  constructor(api: DiscordApi) {
    this.#api = api;
  }

  /** @throws DiscordCallError */
  async channelTo(user: string): Promise<string> {
    const known = this.#channels.get(user);
    if (known !== undefined) return known;
    const body = { recipient_id: user };
    const { id } = await this.#api.call(
      { method: RequestMethod.Post, fullRoute: Routes.userChannels(), body },
      Channel,
    );
    this.#channels.set(user, id);
    return id;
  }
}
