import { Command } from 'commander';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { ChatRefusedError } from '../chat/platform.ts';
import { withDotenvFile } from '../config/dotenv.ts';
import { type BotConfig, readEnvironment } from '../config/env.ts';
import { openInventory } from '../config/watched-inventory.ts';
import type { Bot } from './serve/bot.ts';
import { EXIT } from './serve/exit-status.ts';

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
  const parts = { config, databaseFile: config.database.path, inventory: opened.inventory, log };
  // The chats' SDKs take their time to load: commands that need none of them don't wait.
  const { startBot } = await import('./serve/bot.ts');
  await run(() => startBot(parts), log);
}

/** Until a signal comes, or no chat is left that takes the bot. */
async function run(start: () => Promise<Bot>, log: Logger): Promise<void> {
  let bot: Bot;
  try {
    bot = await start();
  } catch (error) {
    if (!(error instanceof ChatRefusedError)) throw error;
    process.stderr.write(`${error.message}\nNo job was touched.\n`);
    process.exit(EXIT.chatRefused);
  }
  let stopping = false;
  const stop = (status: number) => {
    if (stopping) return;
    stopping = true;
    bot.stop().then(
      () => process.exit(status),
      (error: unknown) => {
        log.fatal({ err: error }, 'the bot could not stop in order');
        process.exit(EXIT.failed);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      stop(EXIT.stopped);
    });
  }
  void bot.failed.then((error) => {
    log.fatal(
      { why: error.message, status: EXIT.chatRefused },
      'stopping, because nobody hears the bot; agents that are running carry on by themselves',
    );
    stop(EXIT.chatRefused);
  });
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
