import { expect } from 'vitest';
import { chatPlatformContract } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/discord/guild.ts';
import { discordScene, wordsOf } from './discord-fixture.ts';

const IDS: Readonly<Record<string, string>> = { alice: ALICE, bob: BOB, mallory: MALLORY };

chatPlatformContract('Discord', async () => {
  const { discord, connect, seen } = await discordScene({ queueWhileAway: true });
  const idOf = (user: string) => IDS[user] ?? expect.fail(`nobody is called ${user}`);
  return {
    platform: connect(),
    channel: LAB,
    idOf,
    shown: async (user) => seen(idOf(user)).map(wordsOf),
    shownInChannel: async () =>
      seen(BOB)
        .filter(({ ephemeral, threadId, channelId }) => !ephemeral && threadId === null && channelId === LAB)
        .map(wordsOf),
    files: async () => seen(BOB).flatMap(({ files }) => files),
    say: async (user, text) => {
      await expect.poll(() => discord.commands().length).toBe(1);
      const [subcommand = '', box] = text.split(' ');
      discord.as(idOf(user)).command(LAB, subcommand, box === undefined ? {} : { box });
    },
    press: async (user, id) => {
      const find = () =>
        seen(idOf(user)).flatMap((message) =>
          message.buttons.flatMap(({ customId }) =>
            customId.startsWith(`${id}|`) ? [{ message: message.id, customId }] : [],
          ),
        );
      const shown = find().at(-1) ?? expect.fail(`${user} sees no button ${id}`);
      discord.as(idOf(user)).press(shown.message, shown.customId);
    },
    disconnect: () => discord.setDown(true),
    reconnect: () => discord.setDown(false),
    goneRef: `${LAB}:1100000000000009999`,
  };
});
