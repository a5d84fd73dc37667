import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Codec } from '../contract/plan.ts';
import { NFSROOT_EXPORT } from '../contract/share-layout.ts';
import { ByteRate } from './byte-rate.ts';
import { DiscordApiUrl, DiscordChannel, DiscordGuild, DiscordToken } from './discord-values.ts';
import { Duration } from './duration.ts';
import { CronSchedule } from './schedule.ts';
import { SlackApiUrl, SlackAppToken, SlackBotToken, SlackChannel } from './slack-values.ts';

/** Where the store is: a file of its own, or a PostgreSQL server. */
export type DatabasePlace = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: string };

export interface ListenAddress {
  host: string;
  /** 0 lets the system choose. */
  port: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable of the bot. The message of a schema says what is expected. */
export const Variables = z.object({
  SLACK_BOT_TOKEN: SlackBotToken.optional(),
  SLACK_APP_TOKEN: SlackAppToken.optional(),
  SLACK_CHANNEL: SlackChannel.optional(),
  SLACK_API_URL: SlackApiUrl.optional(),
  DISCORD_TOKEN: DiscordToken.optional(),
  DISCORD_GUILD: DiscordGuild.optional(),
  DISCORD_CHANNEL: DiscordChannel.optional(),
  DISCORD_API_URL: DiscordApiUrl.optional(),
  TESTBOX_CONSOLE: z.string().transform(atHome).optional(),
  TESTBOX_TFTP_ROOT: directory('the directory that the TFTP server serves'),
  TESTBOX_BACKUP_ROOT: directory('the directory of the backup share'),
  TESTBOX_NFSROOT: z.string().transform(atHome).default(NFSROOT_EXPORT),
  TESTBOX_AUTHORIZED_KEYS: z.string().transform(atHome).optional(),
  TESTBOX_NFS_SERVER: word('the name or address of the NFS server').optional(),
  TESTBOX_REPORT_URL: httpUrl().optional(),
  TESTBOX_LISTEN: z.string().transform(listenAddress).default({ host: '0.0.0.0', port: 7480 }),
  TESTBOX_INVENTORY: z
    .string()
    .transform(atHome)
    .default(() => resolve('testboxes.yaml')),
  TESTBOX_SSH_KEY: z.string().transform(atHome).optional(),
  TESTBOX_SSH_KNOWN_HOSTS: z
    .string()
    .transform(atHome)
    .default(() => atHome('~/.ssh/known_hosts')),
  TESTBOX_KERNEL: word('a path below the TFTP root').default('maintenance-boot/vmlinuz'),
  TESTBOX_INITRD: word('a path below the TFTP root').default('maintenance-boot/initrd.img'),
  TESTBOX_MAX_RUNNING: wholeNumber({ from: 1, to: 1000 }).default(4),
  TESTBOX_MAX_ATTEMPTS: wholeNumber({ from: 1, to: 100 }).default(3),
  TESTBOX_KEEP_GENERATIONS: wholeNumber({ from: 1, to: 1000 }).default(2),
  TESTBOX_VERIFY_CRON: CronSchedule.optional(),
  TESTBOX_VERIFY_MAX_AGE: Duration.default(7 * 24 * 3_600_000),
  TESTBOX_MAX_RATE: ByteRate.optional(),
  TESTBOX_MAX_SHARE_RATE: ByteRate.optional(),
  TESTBOX_DISCARD: z
    .enum(['yes', 'no'], 'yes (trim a disk before it is restored) or no')
    .transform((value) => value === 'yes')
    .default(false),
  TESTBOX_IMAGE_CODEC: z.enum(Codec.options, 'gzip or zstd').default('gzip'),
  TESTBOX_LAB: z
    .enum(['0', '1'], '1 (a lab of virtual testboxes) or 0')
    .transform((value) => value === '1')
    .default(false),
  DATABASE_URL: z.string().transform(databasePlace).default(ownFile),
  LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`).default('info'),
});
export type Variables = z.infer<typeof Variables>;

/** Variables whose value is never shown. A database URL holds a password. */
export const SECRET_VARIABLES: ReadonlySet<string> = new Set([
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'DISCORD_TOKEN',
  'DATABASE_URL',
]);

function word(expected: string) {
  return z.string().regex(/^[^\s\u0000-\u001f\u007f]+$/, expected);
}

function httpUrl() {
  return z.url({ protocol: /^https?$/, error: 'a URL that starts with http:// or https://' });
}

function directory(expected: string) {
  return z.string(expected).transform(atHome);
}

function wholeNumber({ from, to }: { from: number; to: number }) {
  const expected = `a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^[0-9]{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= from && value <= to, expected);
}

/** Relative paths count from the working directory, `~/` from the home directory. */
function atHome(path: string): string {
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(path);
}

function listenAddress(text: string, context: z.RefinementCtx): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  context.addIssue('host:port, such as 0.0.0.0:7480 or [::]:7480');
  return z.NEVER;
}

function ownFile(): DatabasePlace {
  return { kind: 'sqlite', path: resolve('testbox.sqlite') };
}

function databasePlace(text: string, context: z.RefinementCtx): DatabasePlace {
  const [, path] = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(text) ?? [];
  if (path !== undefined && !path.startsWith('//')) return { kind: 'sqlite', path: atHome(path) };
  if (/^postgres(?:ql)?:\/\/\S+$/.test(text)) return { kind: 'postgres', url: text };
  context.addIssue('sqlite:/path/to/file or postgres://user:password@host/database');
  return z.NEVER;
}
