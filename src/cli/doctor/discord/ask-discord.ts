import { type DiscordFindings, inspectDiscord } from '../../../chat/discord/inspect.ts';
import type { BotConfig } from '../../../config/env.ts';
import type { Testbox } from '../../../domain/testbox.ts';
import { channelsOf } from '../channel-users.ts';
import { discordChannelUsers } from './channels.ts';

/** What Discord says about all that the environment and the inventory name; null when Discord isn't set up. */
export async function askDiscord(
  { discord }: BotConfig,
  inventory: { testboxes(): readonly Testbox[] } | null,
): Promise<DiscordFindings | null> {
  if (discord === null) return null;
  const { token, guild, apiUrl } = discord;
  const channels = channelsOf(discordChannelUsers(discord, inventory?.testboxes() ?? []));
  return inspectDiscord({ token, guild, apiUrl, channels });
}
