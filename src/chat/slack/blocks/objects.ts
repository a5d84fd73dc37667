import type { ContextBlock, HeaderBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types';
import { LIMITS } from './limits.ts';
import { NOTHING, plainLine } from './text.ts';

/** `verbatim`: Slack makes no links of addresses, channel names and the like in what boxes say. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** Cut to the limit. */
export function plainText(text: string, limit: number): PlainTextElement {
  return { type: 'plain_text', text: plainLine(text, limit), emoji: true };
}

/** `expand`: a plan that is approved is read to its end, not behind "See more". */
export function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text), expand: true };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text, LIMITS.headerText) };
}

/** Small and grey; Slack refuses an empty one. */
export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text.trim() === '' ? NOTHING : text)] };
}
