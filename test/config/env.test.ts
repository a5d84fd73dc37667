import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDotenvFile } from '../../src/config/dotenv.ts';
import { readEnvironment } from '../../src/config/env.ts';

const MINIMUM = {
  DISCORD_TOKEN: 'MTIz.abc.def',
  DISCORD_GUILD: '123456789012345678',
  TESTBOX_TFTP_ROOT: '/srv/tftp',
  TESTBOX_BACKUP_ROOT: '/srv/backup',
  TESTBOX_NFS_SERVER: '10.40.41.1',
  TESTBOX_REPORT_URL: 'http://10.40.41.1:7480/',
};

function problemsOf(env: Record<string, string>): string[] {
  const reading = readEnvironment(env);
  return reading.ok ? [] : reading.problems;
}

describe('readEnvironment', () => {
  it('reads a minimal environment and fills in the defaults', () => {
    const reading = readEnvironment(MINIMUM);

    expect(reading).toEqual({
      ok: true,
      config: expect.objectContaining({
        slack: null,
        discord: { token: 'MTIz.abc.def', guild: '123456789012345678', channel: null, apiUrl: null },
        console: null,
        tftpRoot: '/srv/tftp',
        reportUrl: 'http://10.40.41.1:7480',
        listen: { host: '0.0.0.0', port: 7480 },
        database: { kind: 'sqlite', path: resolve('testbox.sqlite') },
        kernel: 'maintenance-boot/vmlinuz',
        maxRunning: 4,
        maxAttempts: 3,
        keepGenerations: 2,
        verifyAt: null,
        verifyMaxAgeMs: 7 * 24 * 3_600_000,
        maxRate: null,
        maxShareRate: null,
        discard: false,
        codec: 'gzip',
        lab: false,
        logLevel: 'info',
      }),
    });
  });

  it('reads what it says of images', () => {
    const reading = readEnvironment({
      ...MINIMUM,
      TESTBOX_KEEP_GENERATIONS: '5',
      TESTBOX_VERIFY_CRON: '30 2 * * 6',
      TESTBOX_VERIFY_MAX_AGE: '12h',
      TESTBOX_MAX_RATE: '80MB/s',
      TESTBOX_MAX_SHARE_RATE: '1GB/s',
      TESTBOX_DISCARD: 'yes',
    });
    if (!reading.ok) throw new Error(reading.problems.join());

    expect(reading.config).toMatchObject({
      keepGenerations: 5,
      verifyMaxAgeMs: 12 * 3_600_000,
      maxRate: 80_000_000,
      maxShareRate: 1_000_000_000,
      discard: true,
    });
    const saturday = reading.config.verifyAt?.(new Date(2026, 10, 23).getTime());
    expect(new Date(saturday ?? 0)).toEqual(new Date(2026, 10, 28, 2, 30));
  });

  it('needs no NFS server and no report URL in a lab', () => {
    const reading = readEnvironment({
      TESTBOX_CONSOLE: '/run/console.sock',
      TESTBOX_LAB: '1',
      TESTBOX_TFTP_ROOT: '/srv/tftp',
      TESTBOX_BACKUP_ROOT: '/srv/backup',
      TESTBOX_LISTEN: '127.0.0.1:9999',
    });

    expect(reading).toMatchObject({
      ok: true,
      config: { lab: true, console: { socket: '/run/console.sock' }, reportUrl: 'http://127.0.0.1:9999' },
    });
  });

  it('names everything that is missing at once', () => {
    const problems = problemsOf({});

    for (const name of [
      'TESTBOX_TFTP_ROOT',
      'TESTBOX_BACKUP_ROOT',
      'TESTBOX_NFS_SERVER',
      'TESTBOX_REPORT_URL',
      'SLACK_BOT_TOKEN or DISCORD_TOKEN',
    ]) {
      expect(problems).toContainEqual(
        expect.stringMatching(new RegExp(`^${name}: expected .*not set$|^${name}: .*none is set$`)),
      );
    }
  });

  it.each([
    ['TESTBOX_MAX_RUNNING', '0', 'expected a whole number from 1 to 1000, got "0"'],
    ['TESTBOX_MAX_RUNNING', '4.5', 'expected a whole number from 1 to 1000, got "4.5"'],
    ['TESTBOX_LISTEN', '7480', 'expected host:port, such as 0.0.0.0:7480 or [::]:7480, got "7480"'],
    ['TESTBOX_LISTEN', 'localhost:70000', 'expected host:port, such as 0.0.0.0:7480 or [::]:7480'],
    ['TESTBOX_VERIFY_CRON', 'nightly', 'expected a cron expression of five fields'],
    ['TESTBOX_MAX_RATE', 'fast', 'expected bytes per second such as 80MB/s or 1GB/s, at least 1MB/s, got'],
    ['TESTBOX_IMAGE_CODEC', 'xz', 'expected gzip or zstd, got "xz"'],
    ['TESTBOX_REPORT_URL', 'ftp://x', 'expected a URL that starts with http:// or https://, got "ftp://x"'],
    ['LOG_LEVEL', 'loud', 'expected one of fatal, error'],
    ['TESTBOX_LAB', 'yes', 'expected 1 (a lab of virtual testboxes) or 0, got "yes"'],
    [
      'DISCORD_GUILD',
      'lab',
      'expected a guild id of 15 to 21 digits (in Discord, with Developer Mode on, right-click the server\'s name: Copy Server ID), got "lab"',
    ],
    [
      'DISCORD_CHANNEL',
      '#lab',
      'expected a channel id of 15 to 21 digits (in Discord, with Developer Mode on',
    ],
    ['DISCORD_API_URL', 'discord.com/api', 'expected a URL that starts with http:// or https://'],
    ['DISCORD_API_URL', 'https://discord.com/api/v10', 'expected a URL without the version at its end'],
    ['TESTBOX_KERNEL', 'a b', 'expected a path below the TFTP root, got "a b"'],
    ['SLACK_CHANNEL', '#lab', 'expected a channel id such as C0123ABCD (in Slack, click the channel'],
    ['SLACK_CHANNEL', 'lab', 'expected a channel id such as C0123ABCD'],
    ['SLACK_CHANNEL', 'U0123ABCD', 'expected a channel id such as C0123ABCD'],
    ['SLACK_API_URL', 'slack-gov.com/api/', 'expected a URL that starts with http:// or https://'],
  ])('refuses %s=%s', (name, value, expected) => {
    const problems = problemsOf({ ...MINIMUM, [name]: value });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}: ${expected}`);
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'swapped',
      { SLACK_BOT_TOKEN: 'xapp-1-A1-2-hunter2', SLACK_APP_TOKEN: 'xoxb-1-hunter2' },
      [
        "SLACK_BOT_TOKEN: expected the app's bot token, which starts with xoxb-, got an app-level token (xapp-…): that is for SLACK_APP_TOKEN",
        'SLACK_APP_TOKEN: expected an app-level token, which starts with xapp-, got a bot token (xoxb-…): that is for SLACK_BOT_TOKEN',
      ],
    ],
    [
      "a person's",
      { SLACK_BOT_TOKEN: 'xoxp-hunter2', SLACK_APP_TOKEN: 'xapp-1' },
      [expect.stringContaining('got a user token (xoxp-…): the bot token is beside it')],
    ],
    [
      'rotating',
      { SLACK_BOT_TOKEN: 'xoxe.xoxb-hunter2', SLACK_APP_TOKEN: 'xapp-1' },
      [expect.stringContaining('got a token that expires (xoxe…)')],
    ],
    [
      'pasted with what stood around it',
      { SLACK_BOT_TOKEN: 'xoxb-1 hunter2', SLACK_APP_TOKEN: 'xapp-1' },
      [expect.stringContaining('got a value of 14 characters')],
    ],
  ])('recognises tokens of Slack that are %s, and repeats none', (_what, tokens, expected) => {
    const problems = problemsOf({ ...MINIMUM, ...tokens });

    expect(problems).toEqual(expected);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    ['of parts that are missing', 'hunter2.abc', 'got a value of 11 characters'],
    ['with its word', 'Bot MTIz.abc.hunter2', 'got a value that begins with the word "Bot": leave that out'],
    [
      "the app's public key",
      'feed'.repeat(16),
      "got what looks like the app's public key: the bot token is on",
    ],
    ["the app's client secret", 'hunter2-'.repeat(4), "got what looks like the app's client secret: the bot"],
    ["the app's id", '123456789012345678', 'got what looks like an id: the bot token is on the page Bot'],
    ['an invitation', 'https://discord.com/oauth2/authorize?client_id=1', 'got a URL: the bot token is on'],
  ])('recognises no token of Discord in one %s, and does not repeat it', (_what, token, expected) => {
    const problems = problemsOf({ ...MINIMUM, DISCORD_TOKEN: token });

    expect(problems).toEqual([
      expect.stringContaining(
        `DISCORD_TOKEN: expected the app's bot token, three parts with dots between them, ${expected}`,
      ),
    ]);
    expect(problems.join()).not.toContain(token);
  });

  it('reads the settings of Discord', () => {
    const discord = { DISCORD_CHANNEL: '223456789012345678', DISCORD_API_URL: 'http://127.0.0.1:9/api/' };

    expect(readEnvironment({ ...MINIMUM, ...discord })).toMatchObject({
      ok: true,
      config: {
        discord: { channel: '223456789012345678', apiUrl: 'http://127.0.0.1:9/api' },
        defaultChannels: { console: null, slack: null, discord: '223456789012345678' },
      },
    });
  });

  it('reads the settings of Slack', () => {
    const slack = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_CHANNEL: 'C0123ABCD',
      SLACK_API_URL: 'https://slack-gov.com/api/',
    };

    expect(readEnvironment({ ...MINIMUM, ...slack })).toMatchObject({
      ok: true,
      config: {
        slack: {
          botToken: 'xoxb-1',
          appToken: 'xapp-1',
          channel: 'C0123ABCD',
          apiUrl: 'https://slack-gov.com/api/',
        },
        defaultChannels: { console: null, slack: 'C0123ABCD', discord: null },
      },
    });
  });

  it('never repeats a secret', () => {
    const problems = problemsOf({
      ...MINIMUM,
      SLACK_BOT_TOKEN: 'hunter2-slack',
      DATABASE_URL: 'mysql://root:hunter2@db',
    });

    expect(problems.join('\n')).not.toContain('hunter2');
    expect(problems).toContainEqual(
      "SLACK_BOT_TOKEN: expected the app's bot token, which starts with xoxb-, got a value of 13 characters",
    );
    expect(problems).toContainEqual(expect.stringMatching(/^SLACK_APP_TOKEN: .*both of its tokens/));
  });

  it.each([
    ['sqlite:/var/lib/testbox.sqlite', { kind: 'sqlite', path: '/var/lib/testbox.sqlite' }],
    ['sqlite:///var/lib/testbox.sqlite', { kind: 'sqlite', path: '/var/lib/testbox.sqlite' }],
    ['sqlite:./x.sqlite', { kind: 'sqlite', path: resolve('x.sqlite') }],
    ['postgres://u:p@h/d', { kind: 'postgres', url: 'postgres://u:p@h/d' }],
    ['postgresql://u:p@h/d', { kind: 'postgres', url: 'postgresql://u:p@h/d' }],
  ])('reads DATABASE_URL=%s', (url, database) => {
    expect(readEnvironment({ ...MINIMUM, DATABASE_URL: url })).toMatchObject({ config: { database } });
  });

  it('takes an IPv6 address in brackets, and an empty variable as unset', () => {
    expect(readEnvironment({ ...MINIMUM, TESTBOX_LISTEN: '[::1]:80', LOG_LEVEL: '' })).toMatchObject({
      config: { listen: { host: '::1', port: 80 }, logLevel: 'info' },
    });
  });
});

describe('withDotenvFile', () => {
  it('lets the real environment win', () => {
    const directory = mkdtempSync(join(tmpdir(), 'testbox-env-'));
    writeFileSync(join(directory, '.env'), 'LOG_LEVEL=debug # for now\nTESTBOX_LAB="1"\n');

    expect(withDotenvFile({ LOG_LEVEL: 'warn' }, directory)).toEqual({ LOG_LEVEL: 'warn', TESTBOX_LAB: '1' });
  });

  it('needs no file', () => {
    expect(withDotenvFile({ A: 'b' }, join(tmpdir(), 'testbox-no-such-directory'))).toEqual({ A: 'b' });
  });
});
