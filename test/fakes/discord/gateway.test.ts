import { once } from 'node:events';
import { Events, GatewayIntentBits, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ALICE, BOB, GUILD, LAB } from './guild.ts';
import { clientFor, connect, guild, guildWithApp, TESTBOX } from './scene.ts';

/** A client that only speaks the gateway's own words. */
async function plainSocket(apiUrl: string): Promise<{
  send(op: number, d: unknown): void;
  next(): Promise<{ op: number; t: string | null; s: number | null; d: Record<string, unknown> }>;
  closed(): Promise<number>;
  cut(): void;
}> {
  const socket = new WebSocket(`${apiUrl.replace('http', 'ws').replace('/api', '')}/?v=10&encoding=json`);
  const heard: string[] = [];
  const closed = once(socket, 'close').then(([code]) => Number(code));
  socket.on('message', (data) => {
    heard.push(String(data));
    socket.emit('heard');
  });
  await once(socket, 'open');
  return {
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    async next() {
      while (heard.length === 0) await once(socket, 'heard');
      return JSON.parse(heard.shift() ?? 'null');
    },
    closed: () => closed,
    cut: () => socket.terminate(),
  };
}

function identity(token: string, intents = 1): Record<string, unknown> {
  return { token, intents, properties: { os: 'linux', browser: 'test', device: 'test' } };
}

describe('identifying', () => {
  it('brings discord.js the guild with its channels, roles and the bot itself', async () => {
    const { client, discord } = await guildWithApp();

    const acme = client.guilds.cache.get(GUILD);

    expect(acme?.channels.cache.map(({ name }) => name)).toEqual(['lab', 'general']);
    expect(acme?.roles.cache.map(({ name }) => name)).toContain('operators');
    expect(acme?.members.me?.id).toBe(discord.botUser);
    expect(acme?.members.me?.permissionsIn(LAB).has('SendMessages')).toBe(true);
    expect(client.application.id).toBe(discord.applicationId);
  });

  it.each([
    ['a wrong token', 'nonsense', 1, 4004],
    ['intents that there aren’t', null, 1 << 30, 4013],
    ['privileged intents', null, GatewayIntentBits.MessageContent, 4014],
  ])('with %s is refused', async (_what, token, intents, code) => {
    const { discord } = await guild();
    const socket = await plainSocket(discord.apiUrl);

    socket.send(2, identity(token ?? discord.token, intents));

    expect(await socket.closed()).toBe(code);
  });

  it.each([
    ['before it nothing else is heard', [[3, {}]], 4003],
    ['twice is once too often', [[2], [2]], 4005],
    ['is not all that there is to say right', [[2], [99, {}]], 4001],
  ] as const)('%s', async (_what, words, code) => {
    const { discord } = await guild();
    const socket = await plainSocket(discord.apiUrl);

    for (const [op, data] of words) socket.send(op, data ?? identity(discord.token));

    expect(await socket.closed()).toBe(code);
  });

  it('asks for messages only who wants them', async () => {
    const { discord, rest } = await guild();
    const both = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages;
    const client = clientFor(discord, { intents: both });
    await connect(client, discord.token);
    const deaf = clientFor(discord);
    await connect(deaf, discord.token);
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ id }) => heard.push(id));
    deaf.on(Events.MessageCreate, () => heard.push('deaf'));

    const { id } = (await rest.post(Routes.channelMessages(LAB), { body: { content: 'x' } })) as {
      id: string;
    };

    await expect.poll(() => heard).toEqual([id]);
  });
});

describe('a heart', () => {
  it('is answered', async () => {
    const { discord } = await guild();
    const socket = await plainSocket(discord.apiUrl);
    expect(await socket.next()).toMatchObject({ op: 10, d: { heartbeat_interval: 41_250 } });

    socket.send(1, null);

    expect(await socket.next()).toMatchObject({ op: 11 });
  });
});

describe('a session', () => {
  it('is resumed with what was missed, in its order, and nothing else', async () => {
    const { discord, rest } = await guild();
    await rest.put(Routes.applicationGuildCommands(discord.applicationId, GUILD), { body: [TESTBOX] });
    const first = await plainSocket(discord.apiUrl);
    await first.next();
    first.send(2, identity(discord.token));
    const { d: ready } = await first.next();
    const { s: seq } = await first.next();
    discord.dropGateway();
    await first.closed();

    void discord.as(ALICE).command(LAB, 'help');
    void discord.as(BOB).command(LAB, 'help');
    const second = await plainSocket(discord.apiUrl);
    await second.next();
    second.send(6, { token: discord.token, session_id: ready.session_id, seq });

    const replayed = [await second.next(), await second.next(), await second.next()];
    expect(replayed).toMatchObject([
      { t: 'INTERACTION_CREATE', s: 3, d: { member: { user: { id: ALICE } } } },
      { t: 'INTERACTION_CREATE', s: 4, d: { member: { user: { id: BOB } } } },
      { t: 'RESUMED', s: 5 },
    ]);
  });

  it('that is not known can’t be resumed', async () => {
    const { discord } = await guild();
    const socket = await plainSocket(discord.apiUrl);
    await socket.next();

    socket.send(6, { token: discord.token, session_id: 'gone', seq: 1 });

    expect(await socket.next()).toMatchObject({ op: 9, d: false });
  });

  it.each([
    ['is cut', 'dropGateway', 'resume'],
    ['is asked to reconnect', 'askReconnect', 'resume'],
    ['is invalid', 'invalidateSession', 'ready'],
  ] as const)('goes on when it %s', async (_what, fault, event) => {
    const { discord, client } = await guildWithApp(
      async (interaction) => {
        if (interaction.isChatInputCommand()) await interaction.reply('Here');
      },
      { queueWhileAway: true },
    );
    const resumed = once(client.ws, event === 'resume' ? 'RESUMED' : 'READY').then(() => event);

    discord[fault]();
    await expect(resumed).resolves.toBe(event);
    await discord.as(ALICE).command(LAB, 'help').responded;

    expect(discord.as(ALICE).sees()).toMatchObject([{ text: 'Here' }]);
  });
});

describe('a revoked token', () => {
  it('ends the session, and calls are answered with 401', async () => {
    const { discord, rest } = await guild();
    const socket = await plainSocket(discord.apiUrl);
    socket.send(2, identity(discord.token));
    for (let sent = 0; sent < 3; sent += 1) await socket.next();

    discord.revokeToken();

    expect(await socket.closed()).toBe(4004);
    await expect(rest.get(Routes.user())).rejects.toMatchObject({ status: 401, code: 0 });
    expect(discord.invalidRequests()).toBe(1);
  });
});
