import type { ChatMessage } from './platform.ts';

/** A message with the parts that are given. */
export function message(parts: Pick<ChatMessage, 'text'> & Partial<ChatMessage>): ChatMessage {
  return {
    title: null,
    lines: [],
    bars: [],
    footer: null,
    buttons: [],
    mentions: [],
    card: null,
    attachment: null,
    ...parts,
  };
}

/** Plain words. */
export function words(text: string): ChatMessage {
  return message({ text });
}
