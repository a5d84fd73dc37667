import type { DiscordFindings, GuildFinding, ValidBot } from '../../../chat/discord/inspect.ts';
import type { DiscordFailure } from '../../../chat/discord/rest-answers.ts';
import { whyNoAnswer } from '../../../chat/why-no-answer.ts';
import type { BotConfig } from '../../../config/env.ts';
import { type Check, type CheckResult, type DoctorContext, NEEDS_ENVIRONMENT } from '../check.ts';

/** Discord as it is set up, and what it says. */
export interface DiscordLook {
  settings: NonNullable<BotConfig['discord']>;
  findings: DiscordFindings;
}

/** Discord as a bot sees it that is in its guild. */
export interface GuildLook extends DiscordLook {
  bot: ValidBot;
  guild: Extract<GuildFinding, { kind: 'member' }>;
}

const NOT_SET_UP: CheckResult = { kind: 'skipped', why: 'Discord is not set up (docs/discord.md says how)' };
const NEEDS_TOKEN: CheckResult = { kind: 'skipped', why: 'the token of Discord comes first' };
const NEEDS_GUILD: CheckResult = { kind: 'skipped', why: 'the guild comes first' };

/** For a check that looks at Discord's own answers. */
export function lookingAtDiscord(
  look: (discord: DiscordLook, context: DoctorContext) => CheckResult,
): Check['run'] {
  return async (context) => {
    if (context.config === null) return NEEDS_ENVIRONMENT;
    const { discord: settings } = context.config;
    if (settings === null || context.discord === null) return NOT_SET_UP;
    return look({ settings, findings: context.discord }, context);
  };
}

/** For a check that makes no sense before the token is right. */
export function lookingAsBot(
  look: (discord: DiscordLook & { bot: ValidBot; guild: GuildFinding }) => CheckResult,
): Check['run'] {
  return lookingAtDiscord((discord) => {
    const { bot, guild } = discord.findings;
    return bot.kind === 'valid' && guild !== null ? look({ ...discord, bot, guild }) : NEEDS_TOKEN;
  });
}

/** For a check that makes no sense before the bot is in the guild. */
export function lookingIntoGuild(
  look: (discord: GuildLook, context: DoctorContext) => CheckResult,
): Check['run'] {
  return lookingAtDiscord((discord, context) => {
    const { bot, guild } = discord.findings;
    if (bot.kind !== 'valid') return NEEDS_TOKEN;
    return guild?.kind === 'member' ? look({ ...discord, bot, guild }, context) : NEEDS_GUILD;
  });
}

/** What to do where Discord didn't show something, whatever it was. */
export function cureOf(failure: DiscordFailure, what: string): string {
  if (failure.kind !== 'refused')
    return `run the doctor again: ${what} was not seen, ${whyNoAnswer('Discord', failure)}`;
  const { code, status, message } = failure;
  return `find out what "${message}" (${code}, HTTP status ${status}) means at https://docs.discord.com/developers: that is the answer about ${what}`;
}
