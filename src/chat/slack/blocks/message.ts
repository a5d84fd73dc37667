import type { KnownBlock } from '@slack/types';
import type { ChatMessage, Mention } from '../../platform.ts';
import { actionsBlocks } from './buttons.ts';
import { FALLBACK_TEXT, LINE_LENGTH, MESSAGE_SIZE } from './limits.ts';
import type { CardLinks } from './links.ts';
import { context, header, section } from './objects.ts';
import { packLines } from './pack.ts';
import { progressBlocks } from './progress.ts';
import { clip, escapeOneLine, escapeText, NOTHING } from './text.ts';

export interface RenderedMessage {
  /** All that the message says, for notifications and screen readers: they read no blocks. */
  text: string;
  blocks: KnownBlock[];
}

/**
 * A message as Slack takes it, whatever is in it: within every limit, with nothing of what boxes
 * and people wrote that mentions anybody or formats. The attachment is the sender's to upload.
 */
export function messageBlocks(message: ChatMessage, links: CardLinks): RenderedMessage {
  const { title, card } = message;
  const head = [
    ...(title === null ? [] : [header(title)]),
    ...progressBlocks(message.bars, MESSAGE_SIZE / 4),
  ];
  const tail = [
    ...(message.footer === null ? [] : [context(clip(escapeOneLine(message.footer), LINE_LENGTH))]),
    ...(card === null ? [] : [context(links(card))]),
    ...actionsBlocks(message.buttons, MESSAGE_SIZE / 2),
  ];
  const said = [...(title === null ? textLines(message) : []), ...message.lines.map(bodyLine)];
  const body = packLines(mentioning(message, said), {
    size: MESSAGE_SIZE - JSON.stringify([...head, ...tail]).length,
    others: 'more lines',
  });
  const blocks: KnownBlock[] = [...head, ...body, ...tail];
  return { text: fallback(message, links), blocks: blocks.length === 0 ? [section(NOTHING)] : blocks };
}

function fallback(message: ChatMessage, links: CardLinks): string {
  const lines = mentioning(message, [
    ...textLines(message),
    ...message.lines.map(bodyLine),
    ...message.bars.map(({ label, note }) => `${escapeOneLine(label)} ${escapeOneLine(note)}`.trimEnd()),
    ...(message.footer === null ? [] : [escapeOneLine(message.footer)]),
    ...(message.card === null ? [] : [links(message.card)]),
  ]);
  const text = lines.join('\n').trim();
  return text === '' ? NOTHING : clip(text, FALLBACK_TEXT);
}

function textLines({ text }: ChatMessage): string[] {
  return escapeText(text)
    .split('\n')
    .map((line) => clip(line, LINE_LENGTH));
}

/** Slack takes blanks at the beginning of a line away: a bullet keeps what is indented apart. */
function bodyLine(line: string): string {
  const text = escapeOneLine(line).trimEnd();
  const shown = text.startsWith('  ') ? `\u2007• ${text.trimStart()}` : text;
  return clip(shown, LINE_LENGTH);
}

/** Ids as Slack gives them: anything else could say more than whom to mention. */
const ID = /^[\w-]{1,24}$/;
const MENTIONS = 40;

/** The lines with the mentions in front of the first one. */
function mentioning({ mentions }: ChatMessage, lines: readonly string[]): string[] {
  const who = new Set(mentions.flatMap(mentionOf));
  if (who.size === 0) return [...lines];
  const [first = '', ...others] = lines;
  return [`${[...who].slice(0, MENTIONS).join(' ')} ${first}`.trimEnd(), ...others];
}

function mentionOf(mention: Mention): string[] {
  const id = 'user' in mention ? mention.user : mention.group;
  if (mention.platform !== 'slack' || !ID.test(id)) return [];
  return ['user' in mention ? `<@${id}>` : `<!subteam^${id}>`];
}
