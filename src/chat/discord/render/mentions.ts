import type { APIAllowedMentions } from 'discord.js';
import type { ChatMessage, Mention } from '../../platform.ts';
import { MENTIONS } from './limits.ts';

/** Anything else could say more than whom to mention. */
const SNOWFLAKE = /^[1-9]\d{0,19}$/;

export interface Mentioned {
  /** `<@1> <@&2>`; empty for nobody. */
  text: string;
  /** Nobody else is notified, whatever the message says. */
  allowed: APIAllowedMentions & { parse: []; users: string[]; roles: string[] };
}

/** Each of them once. People of other platforms can't be mentioned here. */
export function mentioned({ mentions }: Pick<ChatMessage, 'mentions'>): Mentioned {
  const named = mentions.filter(isOnDiscord).map((one) => ({ ...one, text: textOf(one) }));
  const once = [...new Map(named.map((one) => [one.text, one])).values()].slice(0, MENTIONS);
  return {
    text: once.map(({ text }) => text).join(' '),
    allowed: {
      parse: [],
      users: once.flatMap((one) => ('user' in one ? [one.user] : [])),
      roles: once.flatMap((one) => ('group' in one ? [one.group] : [])),
    },
  };
}

function isOnDiscord(mention: Mention): boolean {
  return mention.platform === 'discord' && SNOWFLAKE.test(idOf(mention));
}

function textOf(mention: Mention): string {
  return 'user' in mention ? `<@${mention.user}>` : `<@&${mention.group}>`;
}

function idOf(mention: Mention): string {
  return 'user' in mention ? mention.user : mention.group;
}
