import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DiscordPayload } from './render/message.ts';

/**
 * By which the bot finds a post of its own again. Discord takes a nonce with a post and doesn't
 * post twice with the same one, but it forgets nonces after a few minutes and doesn't tell them
 * with a channel's messages. So each post carries its mark besides, where people don't see it:
 * as the number of its first row of buttons, or behind the `#` of the link that its card's title
 * is. What has neither, a few plain words, is recognised by its words.
 */
export interface Mark {
  /** For Discord's own check: at most 25 characters. */
  nonce: string;
  /** Of components: 32 bits without a sign, and far from the numbers that Discord gives by itself. */
  component: number;
  /** The link of a card. */
  url: string;
}

/** @param channel of the guild, or a thread: in another one it is another message */
export function markOf(nonce: string, { guild, channel }: { guild: string; channel: string }): Mark {
  const hash = createHash('sha256').update(`${channel} ${nonce}`).digest();
  const short = hash.toString('base64url').slice(0, 25);
  return {
    nonce: short,
    component: (hash.readUInt32BE(28) & 0x3fffffff) | 0x40000000,
    url: `https://discord.com/channels/${guild}/${channel}#${short}`,
  };
}

/** The payload with its mark. */
export function marked<Payload extends DiscordPayload>(payload: Payload, mark: Mark): Payload {
  const [row, ...rows] = payload.components;
  if (row !== undefined) return { ...payload, components: [{ ...row, id: mark.component }, ...rows] };
  const [embed, ...embeds] = payload.embeds;
  if (embed !== undefined) return { ...payload, embeds: [{ ...embed, url: mark.url }, ...embeds] };
  return payload;
}

/** Others' messages come by too: whatever they look like, ours is among them. */
export const PostedMessage = z.object({
  id: z.string(),
  content: z.string().catch(''),
  author: z.object({ bot: z.boolean().catch(false) }).catch({ bot: false }),
  embeds: z.array(z.object({ url: z.string().nullish() })).catch([]),
  components: z.array(z.object({ id: z.number().nullish() })).catch([]),
});
export type PostedMessage = z.infer<typeof PostedMessage>;

/** Whether the message is the one that was to be posted so, with this mark. */
export function carries(message: PostedMessage, mark: Mark, payload: DiscordPayload): boolean {
  const { components, embeds, content, author } = message;
  if (!author.bot) return false;
  if (components.some(({ id }) => id === mark.component) || embeds.some(({ url }) => url === mark.url))
    return true;
  const wordsOnly = [...payload.components, ...payload.embeds, ...components, ...embeds].length === 0;
  return wordsOnly && content === payload.content;
}
