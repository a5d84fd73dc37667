import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import { ACME, ALICE, GUILD, LAB } from '../fakes/discord/guild.ts';
import type { FakeDiscord } from '../fakes/discord/types.ts';
import { botDirectory, botEnvironment, MAIN, serveBot } from './served-bot.ts';

const INVENTORY = `testboxes: [{ name: pluto, ip: 127.40.41.42 }]
people: { alice: ["discord:${GUILD}:${ALICE}"] }
roles: { operator: { people: [alice] } }`;

async function acme(): Promise<FakeDiscord> {
  const discord = await startFakeDiscord(ACME);
  onTestFinished(() => discord.stop());
  return discord;
}

function settingsOf({ token, apiUrl }: FakeDiscord): Record<string, string> {
  return { DISCORD_TOKEN: token, DISCORD_GUILD: GUILD, DISCORD_CHANNEL: LAB, DISCORD_API_URL: apiUrl };
}

/** With Discord as its only chat unless `env` says more. */
function serve(discord: FakeDiscord, env: Record<string, string> = {}) {
  return serveBot(INVENTORY, { ...settingsOf(discord), ...env });
}

/** `testbox discord register`, as a program. */
async function register(env: Record<string, string>): Promise<{ status: unknown; said: string }> {
  const cwd = await botDirectory(INVENTORY);
  onTestFinished(() => rm(cwd, { recursive: true }));
  return new Promise((resolve) => {
    const options = { cwd, env: { ...botEnvironment(cwd), ...env } };
    execFile(process.execPath, [MAIN, 'discord', 'register'], options, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, said: `${stdout}${stderr}` }),
    );
  });
}

/** Alice's `/testbox whoami`, and what only she is told. */
async function whoami(discord: FakeDiscord): Promise<void> {
  const alice = discord.as(ALICE);
  const before = alice.sees().length;
  await alice.command(LAB, 'whoami').responded;
  const answers = () =>
    alice
      .sees()
      .slice(before)
      .filter(({ text }) => text !== '');
  await expect.poll(() => answers().length).toBe(1);
  const [answer] = answers();
  expect(answer?.ephemeral).toBe(true);
  expect(answer?.text.replaceAll('\\', '')).toBe(
    `You are alice.\ndiscord:${GUILD}:${ALICE}\nroles: operator, viewer`,
  );
}

describe('testbox serve on Discord', () => {
  it('registers its commands, answers people, and stops in order when it is told to', async () => {
    const discord = await acme();
    const bot = await serve(discord);
    await bot.up();

    await expect.poll(() => discord.commands().map(({ name }) => name)).toEqual(['testbox']);
    await whoami(discord);
    bot.stop();

    expect(await bot.exited).toBe(0);
    expect(discord.breaches()).toEqual([]);
    expect(bot.log()).not.toContain(discord.token);
  });

  it.each<[string, Record<string, string>]>([
    ['alone', {}],
    ['beside another chat', { TESTBOX_CONSOLE: 'console' }],
  ])('ends with 3 when Discord refuses the token at the start, %s', async (_what, env) => {
    const discord = await acme();
    discord.revokeToken();

    const bot = await serve(discord, env);

    expect(await bot.exited).toBe(3);
    expect(bot.stderr()).toMatch(/Discord refuses DISCORD_TOKEN: .*No job was touched\./s);
    expect(bot.stderr()).not.toContain(discord.token);
    expect(bot.log()).not.toContain('the bot is up');
    expect(await bot.stored((store) => store.lastAlive())).toBe(null);
  });

  it('ends with 3 in order when Discord refuses the token later, and says what becomes of jobs', async () => {
    const discord = await acme();
    const bot = await serve(discord);
    await bot.up();

    discord.revokeToken();
    discord.invalidateSession();

    expect(await bot.exited).toBe(3);
    const fatal = bot
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":60'));
    expect(fatal).toEqual([
      expect.stringMatching(/DISCORD_TOKEN.*"a chat refuses the bot"/),
      expect.stringMatching(/DISCORD_TOKEN.*agents that are running carry on by themselves/),
    ]);
  });

  it('carries on in its other chat when Discord refuses it later', async () => {
    const discord = await acme();
    const bot = await serve(discord, { TESTBOX_CONSOLE: 'console' });
    await bot.up();

    discord.revokeToken();
    discord.invalidateSession();
    await expect.poll(bot.log).toContain('the bot carries on without it');
    bot.stop();

    expect(await bot.exited).toBe(0);
  });

  it('runs where Discord is out of reach, and is there when Discord is', async () => {
    const discord = await acme();
    await discord.setDown(true);
    const bot = await serve(discord);
    await bot.up();

    await discord.setDown(false);
    await expect.poll(() => discord.commands().length).toBe(1);
    await whoami(discord);
    bot.stop();

    expect(await bot.exited).toBe(0);
  });

  it('runs, and says what to do, where Discord takes no commands of it', async () => {
    const discord = await acme();
    discord.failNext('/commands', { status: 403, code: 50001, message: 'Missing Access' });

    const bot = await serve(discord);
    await bot.up();

    await expect.poll(bot.log).toMatch(/"level":50.*scope applications\.commands.*oauth2\/authorize/);
    bot.stop();
    expect(await bot.exited).toBe(0);
  });
});

describe('testbox discord register', () => {
  it('registers the commands once, and says what it did', async () => {
    const discord = await acme();

    const first = await register(settingsOf(discord));
    const second = await register(settingsOf(discord));

    expect(first).toEqual({ status: 0, said: `/testbox is registered in the guild ${GUILD}\n` });
    expect(second).toEqual({
      status: 0,
      said: `the guild ${GUILD} knew /testbox as it is: nothing was changed\n`,
    });
    expect(discord.calls().filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(discord.commands()).toHaveLength(1);
  });

  it('says what to do where it can not, and how it ends', async () => {
    const discord = await acme();
    const settings = settingsOf(discord);

    const elsewhere = await register({ ...settings, DISCORD_GUILD: '1200000000000000001' });
    discord.revokeToken();
    const refused = await register(settings);
    await discord.setDown(true);
    const away = await register(settings);
    const unset = await register({ TESTBOX_CONSOLE: 'console' });

    expect(elsewhere).toEqual({
      status: 1,
      said: expect.stringMatching(/knows no guild .*oauth2\/authorize/),
    });
    expect(refused).toEqual({ status: 3, said: expect.stringMatching(/refuses DISCORD_TOKEN/) });
    expect(refused.said).not.toContain(discord.token);
    expect(away).toEqual({
      status: 1,
      said: "Discord can't be reached: ECONNREFUSED. Try again in a minute.\n",
    });
    expect(unset).toEqual({
      status: 2,
      said: expect.stringMatching(/^DISCORD_TOKEN: expected .*docs\/discord\.md/),
    });
  });
});
