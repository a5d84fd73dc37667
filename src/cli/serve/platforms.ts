import type { Clock } from '../../app/ports.ts';
import { ConsolePlatform } from '../../chat/console/platform.ts';
import { DiscordPlatform } from '../../chat/discord/platform.ts';
import type { ChatPlatform } from '../../chat/platform.ts';
import { SlackPlatform } from '../../chat/slack/platform.ts';
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

/** A chat for each one that is configured. */
export function platformsOf(needs: PlatformNeeds): ChatPlatform[] {
  const { slack, discord, console: terminal } = needs.config;
  return [
    ...(terminal === null ? [] : [consolePlatform(terminal, needs)]),
    ...(slack === null ? [] : [slackPlatform(slack, needs)]),
    ...(discord === null ? [] : [discordPlatform(discord, needs)]),
  ];
}

function consolePlatform({ socket }: NonNullable<BotConfig['console']>, { log }: PlatformNeeds) {
  const onError = (error: unknown) => log.error({ err: error }, 'an input of the console failed');
  return new ConsolePlatform({ socketPath: socket, onError });
}

function slackPlatform(slack: NonNullable<BotConfig['slack']>, needs: PlatformNeeds): SlackPlatform {
  const { clock, db, inventory, log, onRefused } = needs;
  return new SlackPlatform({
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

function discordPlatform(discord: NonNullable<BotConfig['discord']>, needs: PlatformNeeds): DiscordPlatform {
  const { clock, db, log, onRefused } = needs;
  return new DiscordPlatform({
    token: discord.token,
    guild: discord.guild,
    apiUrl: discord.apiUrl,
    ledger: createPostLedger(db),
    clock,
    log: log.child({ room: 'discord' }),
    onRefused: (error) => onRefused('discord', error),
  });
}
