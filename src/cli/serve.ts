import { once } from 'node:events';
import { Command } from 'commander';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { ChatRefusedError } from '../chat/platform.ts';
import { withDotenvFile } from '../config/dotenv.ts';
import { type BotConfig, readEnvironment } from '../config/env.ts';
import { openInventory } from '../config/watched-inventory.ts';
import type { Bot } from './serve/bot.ts';
import { EXIT } from './serve/exit-status.ts';
import { hearStop } from './serve/stop-signals.ts';

const HELP = `
The bot is set up by environment variables, or a file .env in the working directory: .env.example
lists them, and \`testbox doctor\` says what is wrong with them.

Exits
  0  after SIGTERM or SIGINT
  1  after an error that nobody foresaw; the log has it
  2  when the environment or the inventory has to be put right
  3  when the chat refuses the tokens, at the start or later; only new tokens help

Jobs survive every exit: agents carry on by themselves, and the next start takes the jobs up.`;

/** `testbox serve`: the bot. */
export function serveCommand(): Command {
  return new Command('serve').description('run the bot').addHelpText('after', HELP).action(serve);
}

async function serve(): Promise<void> {
  // Before anything is said that somebody could act on: a stop in the middle of the start is a stop, too.
  const stopping = hearStop();
  const environment = readEnvironment(withDotenvFile(process.env, process.cwd()));
  if (!environment.ok) return refuse('The configuration has problems:', environment.problems);
  const { config } = environment;
  const unbuilt = notBuiltYet(config);
  if (unbuilt.length > 0 || config.database.kind !== 'sqlite') {
    return refuse('This version can not run so:', unbuilt);
  }
  const opened = await openInventory(config.inventoryFile, config.defaultChannels);
  if (!opened.ok) return refuse('The inventory has problems:', opened.problems);
  const log = pino({ level: config.logLevel }, process.stdout.isTTY ? pretty() : process.stdout);
  const parts = { config, databaseFile: config.database.path, inventory: opened.inventory, log, stopping };
  // The chats' SDKs take their time to load: commands that need none of them don't wait.
  const { startBot } = await import('./serve/bot.ts');
  await run(() => startBot(parts), { log, stopping });
}

/** Until a signal comes, or no chat is left that takes the bot. */
async function run(
  start: () => Promise<Bot | null>,
  { log, stopping }: { log: Logger; stopping: AbortSignal },
): Promise<void> {
  let bot: Bot | null;
  try {
    bot = await start();
  } catch (error) {
    if (!(error instanceof ChatRefusedError)) throw error;
    process.stderr.write(`${error.message}\nNo job was touched.\n`);
    process.exit(EXIT.chatRefused);
  }
  if (bot === null) {
    log.info({ signal: stopping.reason }, 'stopped before the bot was up');
    process.exit(EXIT.stopped);
  }
  const ended = await Promise.race([toldToStop(stopping), bot.failed]);
  if (ended === 'told') log.info({ signal: stopping.reason }, 'stopping');
  else {
    log.fatal(
      { why: ended.message, status: EXIT.chatRefused },
      'stopping, because nobody hears the bot; agents that are running carry on by themselves',
    );
  }
  try {
    await bot.stop();
  } catch (error) {
    log.fatal({ err: error }, 'the bot could not stop in order');
    process.exit(EXIT.failed);
  }
  process.exit(ended === 'told' ? EXIT.stopped : EXIT.chatRefused);
}

async function toldToStop(stopping: AbortSignal): Promise<'told'> {
  if (!stopping.aborted) await once(stopping, 'abort');
  return 'told';
}

function notBuiltYet({ database }: BotConfig): string[] {
  return [
    ...(database.kind === 'sqlite' ? [] : ['DATABASE_URL: PostgreSQL is not built yet; use sqlite:<path>']),
  ];
}

/** All at once: nobody wants to mend one line a try. */
function refuse(title: string, problems: readonly string[]): void {
  process.stderr.write(`${title}\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exitCode = EXIT.configuration;
}
