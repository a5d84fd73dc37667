import { Command } from 'commander';
import type { Log } from '../app/ports.ts';
import type { Registered } from '../chat/discord/register-once.ts';
import { withDotenvFile } from '../config/dotenv.ts';
import { readEnvironment } from '../config/env.ts';
import { EXIT } from './serve/exit-status.ts';

const HELP = `
The bot registers /testbox by itself when it starts. This does only that, for a set-up that is
looked at before the bot runs.

Exits
  0  the server knows the commands now
  1  Discord can't be reached, or doesn't let the bot; the message says what to do
  2  when the environment has to be put right
  3  when Discord refuses the token`;

/** `testbox discord`: what concerns Discord alone. */
export function discordCommand(): Command {
  return new Command('discord').description('set up Discord').addCommand(registerCommand());
}

function registerCommand(): Command {
  return new Command('register')
    .description('tell the Discord server which commands there are')
    .addHelpText('after', HELP)
    .action(async () => {
      const { status, lines } = await register();
      const stream = status === EXIT.stopped ? process.stdout : process.stderr;
      stream.write(lines.map((line) => `${line}\n`).join(''));
      process.exitCode = status;
    });
}

interface Outcome {
  /** Of the process. */
  status: number;
  lines: readonly string[];
}

async function register(): Promise<Outcome> {
  const environment = readEnvironment(withDotenvFile(process.env, process.cwd()));
  if (!environment.ok) return { status: EXIT.configuration, lines: environment.problems };
  const { discord } = environment.config;
  if (discord === null) {
    const line =
      'DISCORD_TOKEN: expected a bot token, but it is not set (docs/discord.md says how to get one)';
    return { status: EXIT.configuration, lines: [line] };
  }
  const { registerOnce } = await import('../chat/discord/register-once.ts');
  return outcomeOf(await registerOnce({ ...discord, log: SILENT }), discord.guild);
}

async function outcomeOf(registered: Registered, guild: string): Promise<Outcome> {
  switch (registered.kind) {
    case 'registered':
      return { status: EXIT.stopped, lines: [`/testbox is registered in the guild ${guild}`] };
    case 'unchanged':
      return {
        status: EXIT.stopped,
        lines: [`the guild ${guild} knew /testbox as it is: nothing was changed`],
      };
    default: {
      const { tokenRefusal } = await import('../chat/discord/discord-errors.ts');
      const { whyNotRegistered } = await import('../chat/discord/register-once.ts');
      const status =
        registered.kind !== 'not-let' && tokenRefusal(registered) !== null ? EXIT.chatRefused : EXIT.failed;
      return { status, lines: [whyNotRegistered(registered)] };
    }
  }
}

/** The outcome says all of it. */
const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
