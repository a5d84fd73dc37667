// The bot loads both chats' SDKs; whichever comes first sets what the other's calls go through.
import '@slack/bolt';
import { RequestMethod, Routes } from 'discord.js';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { DiscordApi } from '../../src/chat/discord/call.ts';
import { startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import { ACME, ALICE, LAB } from '../fakes/discord/guild.ts';

it('files are posted to Discord although the SDK of Slack is there too', async () => {
  const discord = await startFakeDiscord(ACME);
  const { token, apiUrl } = discord;
  const api = new DiscordApi({ token, apiUrl });
  onTestFinished(async () => {
    api.close();
    await discord.stop();
  });

  const files = [{ name: 'pluto.log', data: 'ünder way\n', contentType: 'text/plain; charset=utf-8' }];
  const fullRoute = Routes.channelMessages(LAB);
  await api.call({ method: RequestMethod.Post, fullRoute, body: { content: 'x' }, files }, z.unknown());

  const [posted] = discord.as(ALICE).sees();
  expect(posted?.files).toEqual([{ name: 'pluto.log', content: 'ünder way\n' }]);
});
