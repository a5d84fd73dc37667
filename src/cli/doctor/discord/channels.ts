import type { ChannelFinding } from '../../../chat/discord/inspect.ts';
import { BOT_PERMISSIONS, permissionTitle } from '../../../chat/discord/permissions.ts';
import type { BotConfig } from '../../../config/env.ts';
import type { Testbox } from '../../../domain/testbox.ts';
import { allTakePosts, type ChannelUsers, placeOf } from '../channel-users.ts';
import { type Check, todoOr } from '../check.ts';
import { cureOf, lookingIntoGuild } from './look.ts';

const UNKNOWN_CHANNEL = 10003;
const MISSING_ACCESS = 50001;

/** A channel that takes no posts or no threads: jobs in it would be silent. */
export const discordChannels: Check = {
  name: 'discord channels',
  run: lookingIntoGuild(({ bot, guild, settings }, { testboxes }) => {
    const users = discordChannelUsers(settings, testboxes ?? []);
    const about = { guildName: guild.name, botName: bot.name };
    const todo = guild.channels.flatMap((finding) =>
      cure(finding, { ...about, place: placeOf(finding, users) }),
    );
    return todoOr(allTakePosts(guild.channels.length, users), todo);
  }),
};

/** Whose channels on Discord are looked at. */
export function discordChannelUsers(
  { channel }: NonNullable<BotConfig['discord']>,
  boxes: readonly Testbox[],
): ChannelUsers {
  return { platform: 'discord', boxes, fallback: { variable: 'DISCORD_CHANNEL', channel } };
}

function cure(
  finding: ChannelFinding,
  { place, guildName, botName }: { place: string; guildName: string; botName: string },
): string[] {
  switch (finding.kind) {
    case 'ready':
      return [];
    case 'lacks':
      return finding.permissions.map(
        (name) =>
          `allow @${botName} "${permissionTitle(name)}" in ${place} (Edit Channel, Permissions), so that ${BOT_PERMISSIONS[name]}`,
      );
    case 'no-text-channel':
      return [`name a text channel instead of ${place}: cards and their threads need one`];
    case 'other-guild':
      return [`name a channel of ${guildName} instead of ${place}: it is in another guild`];
    case 'refused':
      if (finding.code === UNKNOWN_CHANNEL) return [`correct the id ${place}: Discord knows no such channel`];
      if (finding.code !== MISSING_ACCESS) break;
      return [
        `allow @${botName} "${permissionTitle('ViewChannel')}" and the rest in ${place} (Edit Channel, Permissions), or correct the id: Discord shows the bot no such channel`,
      ];
  }
  return [cureOf(finding, place)];
}
