import { once } from 'node:events';
import { Client, Events, GatewayIntentBits, Routes } from 'discord.js';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { attachHandlers } from '../../../src/chat/discord/handlers.ts';
import { toRef } from '../../../src/chat/discord/ref.ts';
import { registerCommands } from '../../../src/chat/discord/register.ts';
import { discordMessage } from '../../../src/chat/discord/render/message.ts';
import type { ChatMessage, Inbound } from '../../../src/chat/platform.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { startFakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { GUILD, LAB } from '../../fakes/discord/guild.ts';
import type { FakeDiscord, GuildSettings, SeenDiscordMessage } from '../../fakes/discord/types.ts';
import { type LogEntry, logEntries, type ScriptedInbound, scriptedInbound } from '../scripted-inbound.ts';

const START = Date.UTC(2026, 10, 2, 9);
export const MINUTE = 60_000;
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/** The adapter's handlers on the real client, in front of a fake Discord. */
export interface Hearing extends Omit<ScriptedInbound, 'app'> {
  discord: FakeDiscord;
  client: Client;
  clock: FakeClock;
  log: readonly LogEntry[];
  /** Texts of the bot's messages that this person sees now. */
  shown(user: string): readonly string[];
}

interface Scene {
  inbound?: Partial<Inbound>;
  workspace?: Partial<GuildSettings>;
  /** The guild whose people are obeyed. */
  guild?: string;
}

/** At the end of the test nothing was left to the process to catch, and no rule of Discord's was broken. */
export async function hearing({ inbound = {}, workspace = {}, guild = GUILD }: Scene = {}): Promise<Hearing> {
  const clock = new FakeClock(START);
  const discord = await startFakeDiscord({ rateLimits: false, now: () => clock.now(), ...workspace });
  const { entries, log } = logEntries();
  const { app, heard, nextCommand, nextPress } = scriptedInbound(inbound);
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.apiUrl } });
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('unhandledRejection', note);
  client.on(Events.Error, note);
  const links = ({ channel }: { channel: string }) => `<#${channel}>`;
  attachHandlers(client, { inbound: app, guild, rest: client.rest, links, clock, log });
  const ready = once(client, Events.ClientReady);
  await client.login(discord.token);
  await ready;
  await registerCommands(client.rest, { applicationId: discord.applicationId, guild: GUILD, log: SILENT });
  onTestFinished(async () => {
    await client.destroy();
    const broken = discord.breaches();
    await discord.stop();
    process.off('unhandledRejection', note);
    expect({ uncaught, broken }).toEqual({ uncaught: [], broken: [] });
  });
  const shown = (user: string) => seenOf(discord, user).map(({ text }) => text);
  return { discord, client, clock, log: entries, nextCommand, nextPress, heard, shown };
}

function seenOf(discord: FakeDiscord, user: string): readonly SeenDiscordMessage[] {
  return discord
    .as(user)
    .sees()
    .filter((message) => message.author === discord.botUser);
}

/** The newest message of the bot that this person sees, once there is one with this text. */
export async function sight({ discord }: Hearing, user: string, text: string): Promise<SeenDiscordMessage> {
  const find = () => seenOf(discord, user).findLast((message) => message.text.includes(text));
  await expect.poll(find).toBeDefined();
  return find() ?? expect.fail(`${user} does not see "${text}"`);
}

/** Waits until this person sees exactly these texts of the bot. */
export async function showing(scene: Hearing, user: string, texts: readonly string[]): Promise<void> {
  await expect.poll(() => scene.shown(user)).toEqual(texts);
}

const Created = z.object({ id: z.string() });

/** A post of the bot's own, as the outbox makes them; its id. */
export async function post({ client }: Hearing, channel: string, shows: ChatMessage): Promise<string> {
  const body = discordMessage(shows, () => '');
  return Created.parse(await client.rest.post(Routes.channelMessages(channel), { body })).id;
}

/** A card in the lab's channel, with a thread on it. */
export async function cardWithThread(
  scene: Hearing,
  card: ChatMessage,
): Promise<{ card: string; ref: string }> {
  const id = await post(scene, LAB, card);
  await scene.client.rest.post(Routes.threads(LAB, id), { body: { name: 'the job' } });
  return { card: id, ref: toRef({ channel: LAB, message: id }) };
}
