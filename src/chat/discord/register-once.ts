import { Routes } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../app/ports.ts';
import { whyNoAnswer } from '../why-no-answer.ts';
import { tokenRefusal } from './discord-errors.ts';
import { CommandsRefusedError, registerCommands } from './register.ts';
import { answerOf, type DiscordFailure, failureOf, restOnce } from './rest-answers.ts';

export type Registered =
  | { kind: 'registered' | 'unchanged' }
  /** A sentence that says why, and what to do. */
  | { kind: 'not-let'; why: string }
  | DiscordFailure;

const Application = z.object({ id: z.string() });

/** Tells the guild which commands there are, if it knows others. One try. Never throws. */
export async function registerOnce({
  guild,
  log,
  ...access
}: {
  token: string;
  /** Null is Discord's own. */
  apiUrl: string | null;
  guild: string;
  log: Log;
}): Promise<Registered> {
  const rest = restOnce(access);
  const application = await answerOf(rest, Routes.currentApplication(), Application);
  if (application.kind !== 'answer') return application;
  try {
    return { kind: await registerCommands(rest, { applicationId: application.answer.id, guild, log }) };
  } catch (error) {
    if (error instanceof CommandsRefusedError) return { kind: 'not-let', why: error.message };
    return failureOf(error);
  }
}

/** Why the commands were not registered, and what to do. */
export function whyNotRegistered(failed: Exclude<Registered, { kind: 'registered' | 'unchanged' }>): string {
  if (failed.kind === 'not-let') return failed.why;
  const refused = tokenRefusal(failed);
  if (refused !== null) return refused.message;
  if (failed.kind === 'refused')
    return `Discord did not register /testbox: ${failed.message} (${failed.code}, HTTP status ${failed.status}).`;
  return `Discord can't be reached: ${whyNoAnswer('Discord', failed)}. Try again in a minute.`;
}
