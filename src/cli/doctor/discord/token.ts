import { tokenRefusal } from '../../../chat/discord/discord-errors.ts';
import type { BotFinding } from '../../../chat/discord/inspect.ts';
import { whyNoAnswer } from '../../../chat/why-no-answer.ts';
import { type Check, type CheckResult, todoOr } from '../check.ts';
import { cureOf, type DiscordLook, lookingAtDiscord } from './look.ts';

export const discordToken: Check = {
  name: 'discord token',
  run: lookingAtDiscord((discord) => {
    const { bot } = discord.findings;
    if (bot.kind === 'valid') return ok(bot);
    return todoOr('', [renew(bot, discord)]);
  }),
};

function ok({ name, applicationName, application }: Extract<BotFinding, { kind: 'valid' }>): CheckResult {
  return { kind: 'ok', detail: `@${name}, the bot of the app ${applicationName} (${application})` };
}

function renew(
  failure: Exclude<BotFinding, { kind: 'valid' }>,
  { settings: { apiUrl } }: DiscordLook,
): string {
  const why = whyNoAnswer('Discord', failure);
  if (why !== null) {
    return apiUrl === null
      ? `let this machine reach https://discord.com: ${why}`
      : `check DISCORD_API_URL, and that this machine reaches ${apiUrl}: ${why}`;
  }
  return tokenRefusal(failure)?.message ?? cureOf(failure, 'the token');
}
