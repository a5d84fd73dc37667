import { cardLinks } from '../../src/chat/discord/render/links.ts';
import { discordMessage } from '../../src/chat/discord/render/message.ts';
import { reasonModal } from '../../src/chat/discord/render/reason-modal.ts';
import { MESSAGES } from '../chat/discord/render/stories/messages.ts';
import { CHANNEL, GUILD, NAMES } from '../chat/discord/render/stories/people.ts';
import {
  discordMessageHtml,
  discordModalHtml,
  discordThreadHtml,
  type ShownOnDiscord,
} from './html/discord-frames.ts';
import type { DiscordNames } from './html/discord-markdown.ts';

const DIRECTORY: DiscordNames = { users: NAMES, roles: {}, channels: { [CHANNEL]: 'lab' } };
const links = cardLinks(GUILD);

/** The body of every picture of Discord, by its file's name without `.png`. */
export const DISCORD_GALLERY: Readonly<Record<string, string>> = {
  'discord-preview': shown('preview', { time: '17:00', onlyYouCanSeeThis: true }),
  'discord-card-approval': shown('card-approval', { time: '17:00' }),
  'discord-card-running': shown('card-running', { time: '17:00' }),
  'discord-card-done': shown('card-done', { time: '17:00' }),
  'discord-thread-failed': discordThreadHtml({ channel: 'lab', name: 'restore pluto' }, [
    shown('card-stopped', { time: '17:00' }),
    shown('notice-approval', { time: '17:00', follows: true }),
    shown('notice-approved', { time: '17:01', follows: true }),
    shown('notice-rebooting', { time: '17:01', follows: true }),
    shown('notice-imaging', { time: '17:03', follows: true }),
    shown('notice-failed', { time: '17:13', file: MESSAGES['notice-failed'].attachment }),
  ]),
  'discord-reason-modal': discordModalHtml(reasonModal({ id: 'deny', value: '7k3m9q2x' })),
};

function shown(name: keyof typeof MESSAGES, how: Omit<ShownOnDiscord, 'payload'>): string {
  return discordMessageHtml({ ...how, payload: discordMessage(MESSAGES[name], links) }, DIRECTORY);
}
