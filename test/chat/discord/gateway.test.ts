import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { type ChatPlatform, ChatRefusedError, ChatUnavailableError } from '../../../src/chat/platform.ts';
import { ear, message } from '../../contracts/chat-platform.ts';
import { ALICE, GUILD, LAB } from '../../fakes/discord/guild.ts';
import { type DiscordScene, discordScene, QUICK } from './discord-fixture.ts';

describe('the gateway of Discord', () => {
  it.each([
    ['is resumed when it is cut', (discord: DiscordScene['discord']) => discord.dropGateway()],
    [
      'is opened again when Discord asks for it',
      (discord: DiscordScene['discord']) => discord.askReconnect(),
    ],
    [
      'is opened anew when its session is gone',
      (discord: DiscordScene['discord']) => discord.invalidateSession(),
    ],
  ])('%s', async (_what, end) => {
    const { discord, type, heard } = await started();

    end(discord);
    await type('status');

    expect(await heard()).toBe('status');
  });

  it('is cut again and again', async () => {
    const { discord, type, heard } = await started();

    for (const word of ['status', 'help', 'status']) {
      discord.dropGateway();
      await type(word);
      expect(await heard()).toBe(word);
    }
  });

  it('is opened by itself when Discord was away at the start', async () => {
    const { discord, connect, type, warnings } = await scene();
    const { inbound, nextCommand } = ear();
    await discord.setDown(true);
    const platform = connect();

    await platform.start(inbound);
    await expect(platform.post({ channel: LAB, nonce: 'n1' }, message('x'))).rejects.toThrow(
      ChatUnavailableError,
    );
    await discord.setDown(false);
    await type('status');

    expect((await nextCommand()).text).toBe('status');
    const said = warnings.filter(({ message }) => message.startsWith('no connection to Discord'));
    expect(said).toMatchObject([{ fields: { why: expect.stringContaining('ECONNREFUSED') } }]);
  });

  it('that takes its time lets the bot start meanwhile', async () => {
    const { url } = await silentDiscord();
    const { connect } = await scene();

    const platform = connect({ apiUrl: url, pace: { gateway: { ...QUICK, openWithinMs: 50 } } });

    await expect(platform.start(ear().inbound)).resolves.toBeUndefined();
  });

  it.each([
    [4013, /intents.*4013/],
    [4014, /intents.*4014/],
    [4004, /DISCORD_TOKEN.*4004/],
  ])('that closes with %i at the start refuses the bot', async (code, says) => {
    const { url } = await silentDiscord(code);
    const { connect } = await scene();

    const refused = connect({ apiUrl: url }).start(ear().inbound);

    await expect(refused).rejects.toThrow(ChatRefusedError);
    await expect(refused).rejects.toThrow(says);
  });

  it.each([4010, 4011, 4012])('that closes for good with %i is tried again', async (code) => {
    const { url, opened } = await silentDiscord(code);
    const { connect, warnings } = await scene();

    await connect({ apiUrl: url }).start(ear().inbound);
    await expect.poll(opened).toBeGreaterThan(2);

    const why = `Discord closed the gateway for good (${code})`;
    expect(warnings.filter(({ message }) => message.startsWith('no connection'))).toMatchObject([
      { fields: { why } },
    ]);
  });
});

describe('a token that Discord does not know', () => {
  it('ends the start, and says where to get another', async () => {
    const { connect } = await discordScene({ breaks: true });

    const refused = connect({ token: 'MTEw.wrong.token' }).start(ear().inbound);

    await expect(refused).rejects.toThrow(ChatRefusedError);
    await expect(refused).rejects.toThrow(/DISCORD_TOKEN.*discord\.com\/developers/);
  });

  it('any more is told to the program, once', async () => {
    const { discord, refused } = await started({ breaks: true });

    discord.revokeToken();

    await expect
      .poll(() => refused.map(String))
      .toEqual([expect.stringMatching(/ChatRefusedError.*DISCORD_TOKEN/)]);
  });
});

describe('the commands of the guild', () => {
  it('are registered by the end of the start, and not again by the next bot', async () => {
    const { discord, connect } = await started();
    const puts = () => discord.calls().filter(({ method }) => method === 'PUT').length;
    expect(puts()).toBe(1);

    await connect().start(ear().inbound);

    expect(puts()).toBe(1);
    expect(discord.commands()).toMatchObject([{ name: 'testbox' }]);
  });

  it('that can not be registered leave the bot at work, and the log says what to do', async () => {
    const { discord, connect, warnings } = await scene();
    discord.failNext(`/guilds/${GUILD}/commands`, { status: 403, code: 50001, message: 'Missing Access' });
    const platform = connect();

    await platform.start(ear().inbound);

    expect(warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/oauth2\/authorize/)]);
    await expect(platform.post({ channel: LAB, nonce: 'n1' }, message('card'))).resolves.toContain(LAB);
  });
});

describe('a bot that stops', () => {
  it.each([
    ['while all is well', async (_discord: DiscordScene['discord']) => {}],
    ['while Discord is away', (discord: DiscordScene['discord']) => discord.setDown(true)],
    ['right after the gateway was cut', async (discord: DiscordScene['discord']) => discord.dropGateway()],
  ])('%s hears nothing any more and comes back no more', async (_what, spoil) => {
    const { discord, platform, type } = await started({ queueWhileAway: false });
    await spoil(discord);

    await platform.stop();
    await discord.setDown(false);
    const delivered = await type('status');

    await expect(delivered.responded).rejects.toThrow();
  });

  it('deals with what was typed before: Discord delivers nothing again', async () => {
    const { discord, connect, seen, type } = await scene();
    const dealtWith = Promise.withResolvers<void>();
    const typed = Promise.withResolvers<void>();
    const platform = connect();
    await platform.start({
      ...ear().inbound,
      command: async ({ answers }) => {
        typed.resolve();
        await dealtWith.promise;
        await answers.answer(message('done'));
      },
    });
    await type('status');
    await typed.promise;

    let isStopped = false;
    const stopped = platform.stop().then(() => {
      isStopped = true;
    });
    await expect.poll(() => discord.as(ALICE).sees().length >= 0 && isStopped).toBe(false);
    dealtWith.resolve();
    await stopped;

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['done']);
  });

  it('waits for no turn any more', async () => {
    const { platform } = await started();
    const want = { kind: 'post', channel: LAB, urgency: 'stage' } as const;
    await platform.stop();

    await expect(platform.turn(want)).rejects.toThrow(ChatUnavailableError);
    expect(platform.progressTurn(LAB)).toBe(false);
  });
});

async function scene(settings: Parameters<typeof discordScene>[0] = {}) {
  const made = await discordScene({ queueWhileAway: true, ...settings });
  return {
    ...made,
    /** As soon as the guild has the commands. */
    async type(word: string) {
      await expect.poll(() => made.discord.commands().length).toBe(1);
      const delivery = made.discord.as(ALICE).command(LAB, word);
      delivery.responded.catch(() => {});
      return delivery;
    },
  };
}

async function started(settings: Parameters<typeof discordScene>[0] = {}) {
  const made = await scene(settings);
  const { inbound, nextCommand } = ear();
  const platform: ChatPlatform = made.connect();
  await platform.start(inbound);
  return { ...made, platform, heard: async () => (await nextCommand()).text };
}

/** Takes connections of the gateway, and says nothing on them, or only the code that it closes them with. */
async function silentDiscord(code: number | null = null) {
  let opened = 0;
  const http = createServer((_request, response) => {
    const { port } = http.address() as AddressInfo;
    const limits = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit: limits }));
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    opened += 1;
    if (code !== null) socket.close(code);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api`, opened: () => opened };
}
