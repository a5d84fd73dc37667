import { z } from 'zod';
import type { DiscordPayload } from '../../../../src/chat/discord/render/message.ts';
import { plainComponents, refuseComponents } from '../../../fakes/discord/components.ts';
import { embedList, refuseEmbeds } from '../../../fakes/discord/embeds.ts';
import { allowedMentions } from '../../../fakes/discord/mentions.ts';
import { embedTexts } from '../../../fakes/discord/shown-text.ts';
import { inlineHtml } from '../../../pictures/html/discord-markdown.ts';

const NOBODY = { users: {}, roles: {}, channels: {} };

const payload = z.strictObject({
  content: z.string().max(2000),
  embeds: embedList,
  components: plainComponents,
  allowed_mentions: allowedMentions,
});

/** @throws when Discord would refuse the message, or would show something of it that nobody wrote */
export function checkMessage(message: DiscordPayload): void {
  payload.parse(message);
  const embeds = message.embeds.map((embed) => ({ ...embed }));
  refuseEmbeds(embeds);
  refuseComponents(message.components);
  if (message.content.trim() === '' && embeds.length === 0) throw new Error('a message of nothing');
  for (const embed of embeds) if (embedTexts(embed).join('').trim() === '') throw new Error('an empty embed');
  const { parse, users = [], roles = [] } = message.allowed_mentions;
  if (parse === undefined || parse.length > 0) throw new Error('anybody might be notified');
  for (const ids of [users, roles]) if (new Set(ids).size < ids.length) throw new Error('an id twice');
  for (const said of textsOf(message)) checkText(said);
}

/** All markdown of a message. */
function textsOf({ content, embeds }: DiscordPayload): string[] {
  return [content, ...embeds.flatMap(({ title = '', description = '' }) => [title, description])];
}

/** Only our code, our link, our small print and the mentions that were meant. */
function checkText(text: string): void {
  if (!text.isWellFormed()) throw new Error(`half a character in ${JSON.stringify(text)}`);
  const html = inlineHtml(text, NOBODY);
  const foreign = html
    .replace(/<code>[^<>]*<\/code>|<span class="mention">[^<>]*<\/span>|<a>the card<\/a>/g, '')
    .match(/<[^>]*>/);
  if (foreign !== null) throw new Error(`formatted by ${foreign[0]}: ${JSON.stringify(text)}`);
}
