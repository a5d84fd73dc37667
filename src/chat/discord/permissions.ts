import { PermissionsBitField } from 'discord.js';

/** What the bot has to be allowed where it posts, and what for, by the names of Discord's API. */
export const BOT_PERMISSIONS = {
  ViewChannel: 'the bot sees the channel at all',
  SendMessages: 'the bot posts cards',
  SendMessagesInThreads: "the bot tells in a card's thread what happens",
  CreatePublicThreads: "the bot opens a card's thread",
  EmbedLinks: 'cards are shown as what they are, and not as bare text',
  AttachFiles: 'the bot attaches the end of the log to a failure',
  ReadMessageHistory: 'after a crash the bot finds its own post again, instead of posting twice',
} as const satisfies Partial<Record<keyof typeof PermissionsBitField.Flags, string>>;

export type BotPermission = keyof typeof BOT_PERMISSIONS;

export const PERMISSION_NAMES = Object.keys(BOT_PERMISSIONS) as readonly BotPermission[];

/** `SendMessagesInThreads` as the settings of Discord's client call it: `Send Messages in Threads`. */
export function permissionTitle(name: BotPermission): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(' In ', ' in ');
}

/** Where somebody who manages the guild lets the bot in, with all that it needs. */
export function inviteUrl({ application, guild }: { application: string; guild: string }): string {
  const url = new URL('https://discord.com/oauth2/authorize');
  url.search = new URLSearchParams({
    client_id: application,
    scope: 'bot applications.commands',
    permissions: new PermissionsBitField([...PERMISSION_NAMES]).bitfield.toString(),
    guild_id: guild,
    disable_guild_select: 'true',
  }).toString();
  return url.href;
}
