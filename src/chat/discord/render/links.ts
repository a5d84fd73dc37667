import type { CardLinks } from '../../card-links.ts';
import { parseRef } from '../ref.ts';
import { escapeOneLine } from './text.ts';

const SNOWFLAKE = /^\d{1,20}$/;

/** In a guild: `[the card](https://discord.com/channels/1/2/3)`, or `<#2>` without a message. */
export function cardLinks(guild: string): CardLinks {
  return ({ channel, ref }) => {
    const place = ref === null ? null : parseRef(ref);
    if (place !== null)
      return `[the card](https://discord.com/channels/${guild}/${place.channel}/${place.message})`;
    return SNOWFLAKE.test(channel) ? `<#${channel}>` : escapeOneLine(channel);
  };
}
