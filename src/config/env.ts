import type { z } from 'zod';
import type { Codec } from '../contract/plan.ts';
import type { Channels } from '../domain/testbox.ts';
import type { Environment } from './dotenv.ts';
import type { Schedule } from './schedule.ts';
import { type DatabasePlace, type ListenAddress, SECRET_VARIABLES, Variables } from './variables.ts';

export type { ListenAddress } from './variables.ts';

/** All that the environment says. Paths are absolute. */
export interface BotConfig {
  slack: { botToken: string; appToken: string; channel: string | null; apiUrl: string | null } | null;
  discord: { token: string; guild: string; channel: string | null; apiUrl: string | null } | null;
  /** The socket of the console chat. */
  console: { socket: string } | null;
  /** Where cards go for boxes whose inventory names no channel. */
  defaultChannels: Channels;
  tftpRoot: string;
  backupRoot: string;
  nfsServer: string;
  /** Base URL that agents reach this bot by. */
  reportUrl: string;
  listen: ListenAddress;
  inventoryFile: string;
  /** Null without a key: the bot then can't reboot boxes over SSH. */
  sshKeyFile: string | null;
  sshKnownHostsFile: string;
  /** Relative to the TFTP root. */
  kernel: string;
  initrd: string;
  maxRunning: number;
  maxAttempts: number;
  keepGenerations: number;
  /** When all images are proved; null is never. */
  verifyAt: Schedule | null;
  /** An image that was proved on the server within this time is not read through before a restore. */
  verifyMaxAgeMs: number;
  /** Bytes a second that each job, and all of them together, may image at; null is no limit. */
  maxRate: number | null;
  maxShareRate: number | null;
  /** Disks are trimmed before they are restored. */
  discard: boolean;
  codec: Codec;
  /** Virtual testboxes: some endpoints exist only there. */
  lab: boolean;
  database: DatabasePlace;
  logLevel: Variables['LOG_LEVEL'];
}

export type EnvironmentReading = { ok: true; config: BotConfig } | { ok: false; problems: string[] };

/**
 * Reads the bot's configuration. Every problem is a sentence that names the variable, what
 * was expected and what was got; secrets are not repeated. An empty variable is an unset one.
 */
export function readEnvironment(env: Environment): EnvironmentReading {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => environmentProblem(issue, given)),
    ...missingCompanions(given),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: toConfig(parsed.data) };
}

/** A sentence that names the variable. */
export function environmentProblem(issue: z.core.$ZodIssue, given: Environment): string {
  const name = String(issue.path[0] ?? '');
  const value = given[name];
  if (value === undefined) return `${name}: expected ${issue.message}, but it is not set`;
  return `${name}: expected ${issue.message}, got ${gotten(issue, value)}`;
}

/** A schema that knows what a value is says so in `got`. */
function gotten(issue: z.core.$ZodIssue, value: string): string {
  if (issue.code === 'custom' && typeof issue.params?.got === 'string') return issue.params.got;
  const isSecret = SECRET_VARIABLES.has(String(issue.path[0]));
  return isSecret ? `a value of ${value.length} characters` : JSON.stringify(value);
}

/** What one variable demands of others. */
function missingCompanions(given: Environment): string[] {
  const has = (name: string) => given[name] !== undefined;
  const missing: string[] = [];
  const demand = (names: string[], because: string) => {
    for (const name of names.filter((name) => !has(name))) {
      missing.push(`${name}: expected a value, because ${because}, but it is not set`);
    }
  };
  if (has('SLACK_BOT_TOKEN') || has('SLACK_APP_TOKEN')) {
    demand(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'], 'Slack needs both of its tokens');
  }
  if (has('DISCORD_TOKEN')) demand(['DISCORD_GUILD'], 'DISCORD_TOKEN is set');
  if (
    !has('SLACK_BOT_TOKEN') &&
    !has('SLACK_APP_TOKEN') &&
    !has('DISCORD_TOKEN') &&
    !has('TESTBOX_CONSOLE')
  ) {
    missing.push(
      'SLACK_BOT_TOKEN or DISCORD_TOKEN: expected the token of at least one chat, but none is set',
    );
  }
  if (given.TESTBOX_LAB !== '1') {
    demand(['TESTBOX_NFS_SERVER'], 'testboxes mount the maintenance system from it');
    demand(['TESTBOX_REPORT_URL'], 'agents report to this URL of the bot');
  }
  return missing;
}

function toConfig(read: Variables): BotConfig {
  const { host, port } = read.TESTBOX_LISTEN;
  return {
    slack: slackOf(read),
    discord: discordOf(read),
    console: read.TESTBOX_CONSOLE === undefined ? null : { socket: read.TESTBOX_CONSOLE },
    defaultChannels: {
      console: read.TESTBOX_CONSOLE === undefined ? null : 'lab',
      slack: read.SLACK_CHANNEL ?? null,
      discord: read.DISCORD_CHANNEL ?? null,
    },
    tftpRoot: read.TESTBOX_TFTP_ROOT,
    backupRoot: read.TESTBOX_BACKUP_ROOT,
    nfsServer: read.TESTBOX_NFS_SERVER ?? '127.0.0.1',
    reportUrl: (read.TESTBOX_REPORT_URL ?? `http://${host}:${port}`).replace(/\/+$/, ''),
    listen: read.TESTBOX_LISTEN,
    inventoryFile: read.TESTBOX_INVENTORY,
    sshKeyFile: read.TESTBOX_SSH_KEY ?? null,
    sshKnownHostsFile: read.TESTBOX_SSH_KNOWN_HOSTS,
    kernel: read.TESTBOX_KERNEL,
    initrd: read.TESTBOX_INITRD,
    maxRunning: read.TESTBOX_MAX_RUNNING,
    maxAttempts: read.TESTBOX_MAX_ATTEMPTS,
    keepGenerations: read.TESTBOX_KEEP_GENERATIONS,
    verifyAt: read.TESTBOX_VERIFY_CRON ?? null,
    verifyMaxAgeMs: read.TESTBOX_VERIFY_MAX_AGE,
    maxRate: read.TESTBOX_MAX_RATE ?? null,
    maxShareRate: read.TESTBOX_MAX_SHARE_RATE ?? null,
    discard: read.TESTBOX_DISCARD,
    codec: read.TESTBOX_IMAGE_CODEC,
    lab: read.TESTBOX_LAB,
    database: read.DATABASE_URL,
    logLevel: read.LOG_LEVEL,
  };
}

function slackOf(read: Variables): BotConfig['slack'] {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken } = read;
  if (botToken === undefined || appToken === undefined) return null;
  return { botToken, appToken, channel: read.SLACK_CHANNEL ?? null, apiUrl: read.SLACK_API_URL ?? null };
}

function discordOf(read: Variables): BotConfig['discord'] {
  const { DISCORD_TOKEN: token, DISCORD_GUILD: guild } = read;
  if (token === undefined || guild === undefined) return null;
  return { token, guild, channel: read.DISCORD_CHANNEL ?? null, apiUrl: read.DISCORD_API_URL ?? null };
}
