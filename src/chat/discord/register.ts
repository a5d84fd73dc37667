import { isDeepStrictEqual } from 'node:util';
import { DiscordAPIError, type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../app/ports.ts';
import { discordCommands } from './commands.ts';
import { inviteUrl } from './permissions.ts';

interface Registration {
  applicationId: string;
  guild: string;
  log: Log;
}

/** Discord doesn't let the bot register its commands; the message says why and what to do about it. */
export class CommandsRefusedError extends Error {
  override name = 'CommandsRefusedError';
}

const MISSING_ACCESS = 50001;
const UNKNOWN_GUILD = 10004;
const DAILY_CREATES = 30034;

/**
 * Tells the guild which commands there are, if it knows others: Discord takes 200 creations a
 * day, and each registration closes the menus that people have open.
 *
 * @throws CommandsRefusedError, and what `rest` throws when Discord can't be reached or doesn't know the token
 */
export async function registerCommands(
  rest: Pick<REST, 'get' | 'put'>,
  { applicationId, guild, log }: Registration,
): Promise<'unchanged' | 'registered'> {
  const route = Routes.applicationGuildCommands(applicationId, guild);
  const wanted = discordCommands();
  try {
    if (isDeepStrictEqual(meaningOf(await rest.get(route)), meaningOf(wanted))) return 'unchanged';
    await rest.put(route, { body: wanted });
  } catch (error) {
    throw asSentence(error, { applicationId, guild });
  }
  log.info({ guild }, 'the commands were registered');
  return 'registered';
}

/** Null when it is nothing that Discord would answer: the commands are registered anew then. */
function meaningOf(commands: unknown): z.infer<typeof KnownCommands> | null {
  return KnownCommands.safeParse(commands).data ?? null;
}

// What makes a difference to people; what Discord adds by itself (ids, versions, localised names)
// is left out, and what it leaves out or adds as a default is the same.
const Choice = z.object({ name: z.string(), value: z.union([z.string(), z.number()]) });
const Option = z.object({
  type: z.number(),
  name: z.string(),
  description: z.string(),
  required: z.boolean().nullish().transform(Boolean),
  autocomplete: z.boolean().nullish().transform(Boolean),
  min_length: z.number().nullish().transform(orNull),
  max_length: z.number().nullish().transform(orNull),
  choices: z.array(Choice).nullish().transform(orEmpty),
});
const Subcommand = Option.extend({ options: z.array(Option).nullish().transform(orEmpty) });
const KnownCommands = z.array(
  z.object({
    type: z
      .number()
      .nullish()
      .transform((type) => type ?? 1),
    name: z.string(),
    description: z.string(),
    default_member_permissions: z.string().nullish().transform(orNull),
    options: z.array(Subcommand).nullish().transform(orEmpty),
  }),
);

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}

function orEmpty<T>(list: T[] | null | undefined): T[] {
  return list ?? [];
}

function asSentence(error: unknown, { applicationId, guild }: Omit<Registration, 'log'>): unknown {
  const why = error instanceof DiscordAPIError ? WHY[error.code] : undefined;
  if (why === undefined) return error;
  return new CommandsRefusedError(why({ applicationId, guild }), { cause: error });
}

const WHY: Readonly<Record<string, (about: { applicationId: string; guild: string }) => string>> = {
  [MISSING_ACCESS]: ({ applicationId, guild }) =>
    `Discord does not let the bot register /testbox in the guild ${guild} (${MISSING_ACCESS} Missing Access): it is not in that guild, or was invited without the scope applications.commands. Open ${inviteUrl({ application: applicationId, guild })} as somebody who manages the guild; the bot need not leave it first.`,
  [UNKNOWN_GUILD]: ({ applicationId, guild }) =>
    `Discord knows no guild ${guild} (${UNKNOWN_GUILD} Unknown Guild). Check the id, and invite the bot with ${inviteUrl({ application: applicationId, guild })}.`,
  [DAILY_CREATES]: ({ guild }) =>
    `Discord takes no more new commands for the guild ${guild} today (${DAILY_CREATES}, 200 a day): /testbox stays as it was registered before. Start the bot again tomorrow.`,
};
