import { startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import { ACME, ALICE, BOB, GUILD, LAB } from '../fakes/discord/guild.ts';
import { chatPeople } from './chat-people.ts';
import { discordFront } from './discord-people.ts';
import { type FakeDemoChat, playOver } from './play-over-chat.ts';
import type { Told } from './told.ts';

/** A guild of its own for one lab, with Discord's real limits. */
async function openDiscordChat(): Promise<FakeDemoChat> {
  const discord = await startFakeDiscord(ACME);
  const front = discordFront(discord);
  return {
    front,
    environment: {
      DISCORD_TOKEN: discord.token,
      DISCORD_GUILD: GUILD,
      DISCORD_CHANNEL: LAB,
      DISCORD_API_URL: discord.apiUrl,
    },
    channel: { platform: 'discord', id: LAB },
    accounts: { alice: `discord:${GUILD}:${ALICE}`, bob: `discord:${GUILD}:${BOB}` },
    people: chatPeople(front),
    close: () => discord.stop(),
  };
}

/** Plays a script with the real bot on a Discord of its own. */
export function playOverDiscord(script: string): Promise<Told> {
  return playOver(openDiscordChat, script);
}
