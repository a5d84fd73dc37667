import type { Clock } from '../../app/ports.ts';
import { ConsolePlatform } from '../../chat/console/platform.ts';
import type { ChatPlatform } from '../../chat/platform.ts';
import type { BotConfig } from '../../config/env.ts';
import type { Database } from '../../database/open.ts';
import { createPostLedger } from '../../database/post-ledger.ts';
import { roleGroups } from '../role-groups.ts';
import type { BotParts } from './bot.ts';
import type { OnRefused } from './chats.ts';

export interface PlatformNeeds extends BotParts {
  clock: Clock;
  db: Database;
  onRefused: OnRefused;
}

/** Makes a chat for each one that is configured. The SDKs of the others are never loaded. */
export async function loadPlatforms({
  slack,
  discord,
  console: terminal,
}: BotConfig): Promise<(needs: PlatformNeeds) => ChatPlatform[]> {
  const makers = [
    ...(terminal === null ? [] : [consolePlatform(terminal)]),
    ...(slack === null ? [] : [await slackPlatform(slack)]),
    ...(discord === null ? [] : [await discordPlatform(discord)]),
  ];
  return (needs) => makers.map((make) => make(needs));
}

type Maker = (needs: PlatformNeeds) => ChatPlatform;

function consolePlatform({ socket }: NonNullable<BotConfig['console']>): Maker {
  return ({ log }) =>
    new ConsolePlatform({
      socketPath: socket,
      onError: (error) => log.error({ err: error }, 'an input of the console failed'),
    });
}

async function slackPlatform(slack: NonNullable<BotConfig['slack']>): Promise<Maker> {
  const { SlackPlatform } = await import('../../chat/slack/platform.ts');
  return ({ clock, db, inventory, log, onRefused }) =>
    new SlackPlatform({
      botToken: slack.botToken,
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      groups: (team) => roleGroups({ platform: 'slack', team }, inventory.access()),
      ledger: createPostLedger(db),
      clock,
      log: log.child({ room: 'slack' }),
      onRefused: (error) => onRefused('slack', error),
    });
}

async function discordPlatform(discord: NonNullable<BotConfig['discord']>): Promise<Maker> {
  const { DiscordPlatform } = await import('../../chat/discord/platform.ts');
  return ({ clock, db, log, onRefused }) =>
    new DiscordPlatform({
      token: discord.token,
      guild: discord.guild,
      apiUrl: discord.apiUrl,
      ledger: createPostLedger(db),
      clock,
      log: log.child({ room: 'discord' }),
      onRefused: (error) => onRefused('discord', error),
    });
}
