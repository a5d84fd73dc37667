import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GUILD, LAB } from '../fakes/discord/guild.ts';
import { serveBot } from './served-bot.ts';

const INVENTORY = 'testboxes: [{ name: pluto, ip: 127.40.41.42 }]';

/** Takes connections and never says a word: the bot is in the middle of its start for as long. */
async function silentServer(): Promise<{ url: string; called: Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api`, called: once(server, 'connection') };
}

function discordAt(url: string) {
  return { DISCORD_TOKEN: 'MTIz.abc.def', DISCORD_GUILD: GUILD, DISCORD_CHANNEL: LAB, DISCORD_API_URL: url };
}

function slackAt(url: string) {
  return { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_CHANNEL: 'C1', SLACK_API_URL: url };
}

describe('testbox serve, told to stop before it is up', () => {
  it.each([
    ['SIGTERM', 'Discord', discordAt],
    ['SIGINT', 'Discord', discordAt],
    ['SIGTERM', 'Slack', slackAt],
  ] as const)('ends with 0 on %s while %s lets it wait, and has touched no job', async (...row) => {
    const [signal, , settingsAt] = row;
    const chat = await silentServer();
    const bot = await serveBot(INVENTORY, settingsAt(chat.url));

    await chat.called;
    bot.stop(signal);

    expect(await bot.exited).toBe(0);
    expect(bot.stderr()).toBe('');
    expect(bot.log()).toContain('stopped before the bot was up');
    expect(bot.log()).not.toContain('the bot is up');
    expect(await bot.stored((store) => store.lastAlive())).toBe(null);
  });
});
