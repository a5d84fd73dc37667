import type { APIAllowedMentions, APIEmbed } from 'discord.js';
import { barLines } from '../../card/bar-lines.ts';
import type { CardLinks } from '../../card-links.ts';
import type { ChatMessage } from '../../platform.ts';
import { type ButtonRow, buttonRows } from './buttons.ts';
import { colourOf } from './colours.ts';
import { FOOTER_LENGTH, LIMITS, LINE_LENGTH } from './limits.ts';
import { type Mentioned, mentioned } from './mentions.ts';
import { packCounted, packLines } from './pack.ts';
import { clip, escapeCode, escapeOneLine, escapeText, NOTHING, plainLine } from './text.ts';

/**
 * The JSON of a message, for posts and edits alike. All of it is always there: an edit takes away
 * what the message had before and has no more.
 */
export interface DiscordPayload {
  content: string;
  embeds: APIEmbed[];
  components: ButtonRow[];
  allowed_mentions: APIAllowedMentions;
}

/**
 * A message as Discord takes it, whatever is in it: within every limit, with nothing of what boxes
 * and people wrote that notifies anybody or formats. The attachment is the sender's to upload.
 *
 * A card is an embed, not a layout of components (v2). A card is edited for hours, and has to say
 * things in whichever form it still can: the flag of such a layout can never be taken off a message,
 * which then can't have a content, not even to mention somebody or to say its words alone. Content
 * and embeds can take each other's place in any edit.
 */
export function discordMessage(message: ChatMessage, links: CardLinks): DiscordPayload {
  const who = mentioned(message);
  const body = message.title === null ? wordsOf(message, { links, who }) : cardOf(message, { links, who });
  return {
    ...body,
    components: buttonRows(message.buttons),
    allowed_mentions: who.allowed,
  };
}

/** The words alone, for when Discord doesn't take the form. */
export function plainMessage(message: ChatMessage, links: CardLinks): DiscordPayload {
  const who = mentioned(message);
  const lines = mentioning(who, [...textLines(message), ...restLines(message, links)]);
  return {
    content: shown(packCounted(lines, LIMITS.content)),
    embeds: [],
    components: [],
    allowed_mentions: who.allowed,
  };
}

interface Around {
  links: CardLinks;
  who: Mentioned;
}
type Body = Pick<DiscordPayload, 'content' | 'embeds'>;

/** Only the content notifies: who is mentioned reads there what it is about. */
function cardOf(message: ChatMessage, { links, who }: Around): Body {
  const title = message.title ?? '';
  const footer =
    message.footer === null ? {} : { footer: { text: plainLine(message.footer, FOOTER_LENGTH) } };
  const link = linkLines(message, links);
  const drawn = bars(message);
  const apart = drawn.length > 0 && message.lines.length > 0 ? [''] : [];
  const lines = [...drawn, ...apart, ...message.lines.map(bodyLine)];
  const room = LIMITS.embedDescription - link.join('\n').length - 1;
  const colour = colourOf(title);
  return {
    content: who.text === '' ? '' : packCounted(mentioning(who, textLines(message)), LIMITS.content),
    embeds: [
      {
        title: clip(shown(escapeOneLine(title).trim()), LIMITS.embedTitle),
        description: [packCounted(lines, room), ...link].filter((part) => part !== '').join('\n'),
        ...(colour === null ? {} : { color: colour }),
        ...footer,
      },
    ],
  };
}

/** In the content, and what has no room there in an embed below it. */
function wordsOf(message: ChatMessage, { links, who }: Around): Body {
  const first = mentioning(who, textLines(message));
  const rest = restLines(message, links);
  const all = packLines([...first, ...rest], LIMITS.content);
  if (all.left.length === 0) return { content: shown(all.text), embeds: [] };
  return {
    content: shown(packCounted(first, LIMITS.content)),
    embeds: rest.length === 0 ? [] : [{ description: shown(packCounted(rest, LIMITS.embedDescription)) }],
  };
}

/** Everything but the text. */
function restLines(message: ChatMessage, links: CardLinks): string[] {
  return [
    ...message.lines.map(bodyLine),
    ...bars(message),
    ...(message.footer === null ? [] : [`-# ${clip(escapeOneLine(message.footer), FOOTER_LENGTH)}`]),
    ...linkLines(message, links),
  ];
}

function linkLines({ card }: ChatMessage, links: CardLinks): string[] {
  return card === null ? [] : [links(card)];
}

function bars(message: ChatMessage): string[] {
  return barLines(message.bars, { code: escapeCode, words: escapeOneLine, clip }).map((line) =>
    clip(line, LINE_LENGTH),
  );
}

function textLines({ text }: ChatMessage): string[] {
  return escapeText(text)
    .split('\n')
    .map((line) => clip(line, LINE_LENGTH));
}

/** What is indented is a list: phones break its lines below its words. */
function bodyLine(line: string): string {
  const text = line.trimEnd();
  const indented = text.startsWith('  ');
  return clip(indented ? `- ${escapeOneLine(text.trimStart())}` : escapeOneLine(text), LINE_LENGTH);
}

/** The lines with the mentions in front of the first one. */
function mentioning({ text }: Mentioned, lines: readonly string[]): string[] {
  const [first = '', ...others] = lines;
  return [`${text} ${first}`.trim(), ...others];
}

function shown(text: string): string {
  return text.trim() === '' ? NOTHING : text;
}
