import { Command } from 'commander';
import { pino } from 'pino';
import pretty from 'pino-pretty';
import { withDotenvFile } from '../config/dotenv.ts';
import { type BotConfig, readEnvironment } from '../config/env.ts';
import { openInventory } from '../config/watched-inventory.ts';
import { startBot } from './serve/bot.ts';

/** `testbox serve`: the bot. */
export function serveCommand(): Command {
  return new Command('serve').description('run the bot').action(serve);
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
  const bot = await startBot({
    config,
    databaseFile: config.database.path,
    inventory: opened.inventory,
    log,
  });
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    bot.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'the bot could not stop in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('SIGTERM', () => stop('SIGTERM'));
}

/** A bot that nobody hears would be a silent one. */
function notBuiltYet({ slack, discord, console: terminal, database }: BotConfig): string[] {
  return [
    ...(slack === null
      ? []
      : ['SLACK_BOT_TOKEN: Slack is not built yet; `npm run demo` has a chat on the terminal']),
    ...(discord === null
      ? []
      : ['DISCORD_TOKEN: Discord is not built yet; `npm run demo` has a chat on the terminal']),
    ...(terminal === null && slack === null && discord === null
      ? ['TESTBOX_CONSOLE: expected the socket of a chat']
      : []),
    ...(database.kind === 'sqlite' ? [] : ['DATABASE_URL: PostgreSQL is not built yet; use sqlite:<path>']),
  ];
}

/** All at once: nobody wants to mend one line a try. */
function refuse(title: string, problems: readonly string[]): void {
  process.stderr.write(`${title}\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exitCode = 2;
}
