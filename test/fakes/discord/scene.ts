import {
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  type Interaction,
  REST,
  Routes,
} from 'discord.js';
import { onTestFinished } from 'vitest';
import { startFakeDiscord } from './fake-discord.ts';
import { GUILD } from './guild.ts';
import type { FakeDiscord, GuildSettings } from './types.ts';

/** A fake Discord that stops with the test, and discord.js's own REST client with the bot's token. */
export async function guild(
  settings: Partial<GuildSettings> = {},
): Promise<{ discord: FakeDiscord; rest: REST }> {
  const discord = await startFakeDiscord(settings);
  onTestFinished(() => discord.stop());
  return { discord, rest: restFor(discord) };
}

export function restFor(discord: FakeDiscord, token = discord.token): REST {
  return new REST({ api: discord.apiUrl, retries: 0 }).setToken(token);
}

/** The real discord.js on a fake Discord; `listen` says what it does with interactions. */
export async function guildWithApp(
  listen: (interaction: Interaction) => unknown = () => undefined,
  settings: Partial<GuildSettings> = {},
): Promise<{ discord: FakeDiscord; rest: REST; client: Client<true> }> {
  const { discord, rest } = await guild(settings);
  await rest.put(Routes.applicationGuildCommands(discord.applicationId, GUILD), { body: [TESTBOX] });
  const client = clientFor(discord);
  client.on(Events.InteractionCreate, (interaction) => void listen(interaction));
  await connect(client, discord.token);
  return { discord, rest, client: client as Client<true> };
}

/** A client that is destroyed with the test; errors of its socket are what the tests provoke. */
export function clientFor(discord: FakeDiscord, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiUrl, retries: 0 },
    ...options,
  });
  client.on(Events.Error, () => undefined);
  onTestFinished(() => client.destroy());
  return client;
}

export async function connect(client: Client, token: string): Promise<void> {
  const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
  await client.login(token);
  await ready;
}

/** What a refused call says. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; code: number; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'status' in error && 'code' in error) {
      return { status: Number(error.status), code: Number(error.code), message: error.message };
    }
    throw error;
  }
  throw new Error('The call was not refused.');
}

export async function codeOf(call: Promise<unknown>): Promise<number> {
  return (await refusal(call)).code;
}

/** A command with everything that a person can be offered. */
export const TESTBOX = {
  name: 'testbox',
  description: 'Image test machines',
  options: [
    {
      ...{ type: 1, name: 'run', description: 'Run a job' },
      options: [
        { type: 3, name: 'box', description: 'Which machine', required: true, autocomplete: true },
        { type: 3, name: 'reason', description: 'Why', max_length: 20 },
        { type: 4, name: 'count', description: 'How often', min_value: 1, max_value: 3 },
        { type: 5, name: 'force', description: 'Without asking' },
        { type: 3, name: 'word', description: 'Which', choices: [{ name: 'One', value: 'one' }] },
      ],
    },
    { type: 1, name: 'help', description: 'Say what there is' },
  ],
} as const;
