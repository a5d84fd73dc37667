import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { GatewayPace } from '../../../src/chat/discord/gateway.ts';
import { DiscordPlatform, type DiscordSettings } from '../../../src/chat/discord/platform.ts';
import type { ChatRefusedError } from '../../../src/chat/platform.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { startFakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { GUILD } from '../../fakes/discord/guild.ts';
import type { FakeDiscord, GuildSettings, SeenDiscordMessage } from '../../fakes/discord/types.ts';
import { JumpingPacerClock } from '../../fakes/pacer-clock.ts';
import { MemoryLedger } from '../../fakes/post-ledger.ts';
import { recordedLog } from '../../fakes/recorded-log.ts';

/** Adapter and fake Discord, with a ledger that outlives bots. */
export interface DiscordScene {
  discord: FakeDiscord;
  ledger: MemoryLedger;
  /** The wall clock of bot and Discord: messages get older as the test moves it on. */
  clock: FakeClock;
  /** Messages of warnings and errors, in order. */
  warnings: readonly { message: string; fields: object }[];
  refused: readonly ChatRefusedError[];
  /** A bot, not started; stopped with the test. */
  connect(more?: Partial<DiscordSettings>): DiscordPlatform;
  /** The bot's messages that this person sees. */
  seen(user: string): readonly SeenDiscordMessage[];
}

interface SceneSettings extends Partial<GuildSettings> {
  /** Whether the test breaks Discord's rules on purpose. */
  breaks?: boolean;
}

/**
 * Whatever happens, nothing is left to the process to catch, and no rule of Discord's is broken.
 * Turns go by a time that jumps to the next turn when somebody waits for one; Discord's limits,
 * which go by the real time, are off.
 */
export async function discordScene({ breaks = false, ...guild }: SceneSettings = {}): Promise<DiscordScene> {
  const turns = new JumpingPacerClock();
  const clock = new FakeClock(Date.now());
  const discord = await startFakeDiscord({
    now: () => clock.now() + turns.now(),
    rateLimits: false,
    ...guild,
  });
  const ledger = new MemoryLedger();
  const { warnings, log } = recordedLog();
  const refused: ChatRefusedError[] = [];
  const platforms: DiscordPlatform[] = [];
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(async () => {
    for (const platform of platforms) await platform.stop();
    await discord.stop();
    process.off('unhandledRejection', note);
    expect({ uncaught, breaches: breaks ? [] : discord.breaches() }).toEqual({ uncaught: [], breaches: [] });
  });
  return {
    ...{ discord, ledger, clock, warnings, refused },
    connect: (more = {}) => {
      const platform = new DiscordPlatform({
        ...{ token: discord.token, guild: GUILD, apiUrl: discord.apiUrl, ledger, clock, log },
        onRefused: (error) => refused.push(error),
        pace: { turns, gateway: QUICK },
        ...more,
      });
      platforms.push(platform);
      return platform;
    },
    seen: (user) =>
      discord
        .as(user)
        .sees()
        .filter((message) => message.author === discord.botUser && message.text !== ''),
  };
}

/** Gateways without patience. */
export const QUICK: GatewayPace = {
  pauseMs: () => 5,
  openWithinMs: 2_000,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
  identifyThrottler: () => ({ waitForIdentify: async () => {} }),
};

/** What the message says first. */
export function wordsOf({ text }: SeenDiscordMessage): string {
  return text.split('\n')[0] ?? '';
}
