import { ChannelType, PermissionFlagsBits, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../app/ports.ts';
import { inTurn } from '../in-turn.ts';
import { type MemberRights, permissionsIn } from './effective-permissions.ts';
import { type BotPermission, PERMISSION_NAMES } from './permissions.ts';
import { CommandsRefusedError, registerCommands } from './register.ts';
import { answerOf, type DiscordFailure, failureOf, restOnce } from './rest-answers.ts';

export interface InspectSettings {
  token: string;
  guild: string;
  /** Null is Discord's own. */
  apiUrl: string | null;
  /** Ids of the channels that cards go to. */
  channels: readonly string[];
}

export type BotFinding =
  | {
      kind: 'valid';
      /** What invitations and commands go by. */
      application: string;
      applicationName: string;
      user: string;
      /** As people see it, without the `@`. */
      name: string;
    }
  | DiscordFailure;

export type ValidBot = Extract<BotFinding, { kind: 'valid' }>;

export type ChannelFinding = { channel: string; name: string | null } & (
  | { kind: 'ready' }
  | { kind: 'lacks'; permissions: readonly BotPermission[] }
  | { kind: 'no-text-channel' }
  | { kind: 'other-guild' }
  | DiscordFailure
);

export interface GuildRole {
  id: string;
  name: string;
  /** The bot's mention of it notifies its members. */
  isHeard: boolean;
}

type CommandsFinding =
  | { kind: 'up-to-date' | 'outdated' }
  /** A sentence that says why Discord shows them to nobody, and what to do. */
  | { kind: 'not-let'; why: string }
  | DiscordFailure;

export type GuildFinding =
  | {
      kind: 'member';
      name: string;
      roles: readonly GuildRole[];
      channels: readonly ChannelFinding[];
      commands: CommandsFinding;
    }
  | DiscordFailure;

/** What Discord says about this bot; the guild is null when the token isn't valid. */
export interface DiscordFindings {
  bot: BotFinding;
  guild: GuildFinding | null;
}

const User = z.object({ id: z.string(), username: z.string() });
const Application = z.object({ id: z.string(), name: z.string() });
const Guild = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  roles: z.array(
    z.object({ id: z.string(), name: z.string(), permissions: z.string(), mentionable: z.boolean() }),
  ),
});
type Guild = z.infer<typeof Guild>;
const Member = z.object({ roles: z.array(z.string()) });
const Channel = z.object({
  type: z.number(),
  name: z.string().nullish(),
  guild_id: z.string().optional(),
  permission_overwrites: z
    .array(z.object({ id: z.string(), type: z.number(), allow: z.string(), deny: z.string() }))
    .default([]),
});

/** Where cards can be posted and threads be opened from them. */
const TEXT_CHANNELS: readonly number[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement];

/** Asks Discord about the token, the guild, its channels and roles. Posts nothing, connects to no gateway. Never throws. */
export async function inspectDiscord(settings: InspectSettings): Promise<DiscordFindings> {
  const rest = restOnce(settings);
  const bot = await lookAtBot(rest);
  return { bot, guild: bot.kind === 'valid' ? await lookAtGuild(rest, settings, bot) : null };
}

async function lookAtBot(rest: REST): Promise<BotFinding> {
  const user = await answerOf(rest, Routes.user(), User);
  if (user.kind !== 'answer') return user;
  const application = await answerOf(rest, Routes.currentApplication(), Application);
  if (application.kind !== 'answer') return application;
  const { id, name } = application.answer;
  return {
    ...{ kind: 'valid', application: id, applicationName: name },
    ...{ user: user.answer.id, name: user.answer.username },
  };
}

async function lookAtGuild(rest: REST, settings: InspectSettings, bot: ValidBot): Promise<GuildFinding> {
  const guild = await answerOf(rest, Routes.guild(settings.guild), Guild);
  if (guild.kind !== 'answer') return guild;
  const member = await answerOf(rest, Routes.guildMember(settings.guild, bot.user), Member);
  if (member.kind !== 'answer') return member;
  const rights = rightsOf(guild.answer, bot.user, member.answer.roles);
  return {
    kind: 'member',
    name: guild.answer.name,
    roles: rolesOf(guild.answer, rights),
    channels: await inTurn(settings.channels, (channel) => lookAtChannel(rest, rights, channel)),
    commands: await lookAtCommands(rest, { applicationId: bot.application, guild: settings.guild }),
  };
}

function rightsOf({ id, owner_id: ownerId, roles }: Guild, user: string, held: readonly string[]) {
  return { guild: { id, ownerId, roles }, user, roles: held } satisfies MemberRights;
}

/** A role that is not for everybody to mention is silent, unless the bot may mention all. */
function rolesOf({ roles }: Guild, rights: MemberRights): GuildRole[] {
  const mentionsAll = permissionsIn(rights, []).has(PermissionFlagsBits.MentionEveryone);
  return roles.map(({ id, name, mentionable }) => ({ id, name, isHeard: mentionable || mentionsAll }));
}

async function lookAtChannel(rest: REST, rights: MemberRights, channel: string): Promise<ChannelFinding> {
  const found = await answerOf(rest, Routes.channel(channel), Channel);
  if (found.kind !== 'answer') return { channel, name: null, ...found };
  const { name = null, type, guild_id: guild, permission_overwrites: overwrites } = found.answer;
  const known = { channel, name };
  if (guild !== rights.guild.id) return { ...known, kind: 'other-guild' };
  if (!TEXT_CHANNELS.includes(type)) return { ...known, kind: 'no-text-channel' };
  const held = permissionsIn(rights, overwrites);
  const lacking = PERMISSION_NAMES.filter((permission) => !held.has(permission));
  return lacking.length === 0
    ? { ...known, kind: 'ready' }
    : { ...known, kind: 'lacks', permissions: lacking };
}

/** The registration itself, which only doesn't do what it would do. */
async function lookAtCommands(
  rest: REST,
  place: { applicationId: string; guild: string },
): Promise<CommandsFinding> {
  const looking = { get: rest.get.bind(rest), put: async () => null };
  try {
    const would = await registerCommands(looking, { ...place, log: SILENT });
    return { kind: would === 'unchanged' ? 'up-to-date' : 'outdated' };
  } catch (error) {
    if (error instanceof CommandsRefusedError) return { kind: 'not-let', why: error.message };
    return failureOf(error);
  }
}

/** The findings say all of it, and the terminal is for them. */
const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
