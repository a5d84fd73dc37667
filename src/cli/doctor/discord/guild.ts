import { inviteUrl } from '../../../chat/discord/permissions.ts';
import type { Check } from '../check.ts';
import { cureOf, lookingAsBot } from './look.ts';

/** Discord's word for a guild that the bot is not in, and for one that there isn't. */
const NOT_THERE: readonly number[] = [10004, 10007, 50001];

export const discordGuild: Check = {
  name: 'discord guild',
  run: lookingAsBot(({ bot, guild, settings }) => {
    if (guild.kind === 'member') return { kind: 'ok', detail: `${guild.name} (${settings.guild})` };
    if (guild.kind !== 'refused' || !NOT_THERE.includes(guild.code))
      return { kind: 'fix', todo: [cureOf(guild, `the guild ${settings.guild}`)] };
    const url = inviteUrl({ application: bot.application, guild: settings.guild });
    return {
      kind: 'fix',
      todo: [
        `let somebody who manages the server invite the bot with ${url}, or correct DISCORD_GUILD: @${bot.name} is not in the guild ${settings.guild}`,
      ],
    };
  }),
};
