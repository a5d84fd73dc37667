import type { RenderedMessage } from '../../../../src/chat/slack/blocks/message.ts';
import { checkBlocks } from '../../../fakes/slack/blocks.ts';

/** What was refused with `msg_blocks_too_long` had 11,341 characters of text: we stay well below. */
const BLOCKS_JSON = 11_000;
const FALLBACK = 3900;

/** @throws when Slack would refuse the message, or would show something of it that nobody wrote */
export function checkMessage({ text, blocks }: RenderedMessage): void {
  checkBlocks(blocks);
  const json = JSON.stringify(blocks);
  if (json.length > BLOCKS_JSON) throw new Error(`expected ${BLOCKS_JSON} characters, got ${json.length}`);
  if (text.trim() === '' || text.length > FALLBACK) throw new Error(`text of ${text.length} characters`);
  for (const said of [text, ...mrkdwnTexts(blocks)]) checkText(said);
}

/** All mrkdwn in blocks, wherever it is. */
export function mrkdwnTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnTexts);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)];
  return Object.values(value).flatMap(mrkdwnTexts);
}

/** Only people and groups of ours, links and dates are between angle brackets; escapes are whole. */
function checkText(text: string): void {
  if (text.trim() === '') throw new Error('a text of blanks alone');
  if (!text.isWellFormed()) throw new Error(`half a character in ${JSON.stringify(text)}`);
  const rest = text.replace(/<(?:@[\w-]+|!subteam\^[\w-]+|#\w+|https:[^<>|]*\|[^<>|]*|!date\^[^<>]*)>/g, '');
  if (/[<>]|&(?!(?:amp|lt|gt);)/.test(rest)) throw new Error(`not escaped: ${JSON.stringify(text)}`);
  for (const line of text.split('\n')) {
    if ((line.split('`').length - 1) % 2 === 1) throw new Error(`code without an end: ${line}`);
  }
}
