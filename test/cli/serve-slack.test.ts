import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import type { FakeSlack } from '../fakes/slack/types.ts';
import { ALICE, LAB } from '../fakes/slack/workspace.ts';
import { serveBot } from './served-bot.ts';

const INVENTORY = `testboxes: [{ name: pluto, ip: 127.40.41.42 }]
people: { alice: ["slack:T1:${ALICE}"] }
roles: { operator: { people: [alice] } }`;

async function acme(): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  return slack;
}

/** With Slack as its only chat unless `env` says more. */
function serve(slack: FakeSlack, env: Record<string, string> = {}) {
  return serveBot(INVENTORY, {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_CHANNEL: LAB,
    ...env,
  });
}

/** Alice's `/testbox whoami`, and what only she is told. */
async function whoami(slack: FakeSlack): Promise<void> {
  const alice = slack.as(ALICE);
  const before = alice.sees().length;
  await alice.command(LAB, 'whoami').acknowledged;
  const answers = () => alice.sees().slice(before);
  await expect.poll(() => answers().length).toBe(1);
  const [answer] = answers();
  expect(answer?.ephemeral).toBe(true);
  // Characters that nobody sees keep Slack from making an emoji of the id.
  expect(answer?.text.replace(/\p{Cf}/gu, '')).toBe(
    `You are alice.\nslack:T1:${ALICE}\nroles: operator, viewer`,
  );
}

describe('testbox serve on Slack', () => {
  it('answers people, and stops in order when it is told to', async () => {
    const slack = await acme();
    const bot = await serve(slack);
    await bot.up();

    await whoami(slack);
    bot.stop();

    expect(await bot.exited).toBe(0);
    expect(slack.breaches()).toEqual([]);
    expect(bot.log()).not.toContain(slack.botToken);
    expect(bot.log()).not.toContain(slack.appToken);
  });

  it.each([
    ['bot', 'account_inactive', /SLACK_BOT_TOKEN.*account_inactive.*OAuth & Permissions/s, {}],
    ['app', 'token_revoked', /SLACK_APP_TOKEN.*token_revoked.*connections:write/s, {}],
    ['app', 'invalid_auth', /SLACK_APP_TOKEN.*invalid_auth/s, { TESTBOX_CONSOLE: 'console' }],
  ] as const)('ends with 3 when Slack refuses the %s token at the start (%s)', async (...row) => {
    const [token, error, sentence, env] = row;
    const slack = await acme();
    slack.revoke(token, error);

    const bot = await serve(slack, env);

    expect(await bot.exited).toBe(3);
    expect(bot.stderr()).toMatch(sentence);
    expect(bot.stderr()).toContain('No job was touched.');
    expect(bot.stderr()).not.toContain(slack.botToken);
    expect(bot.log()).not.toContain('the bot is up');
    expect(await bot.stored((store) => store.lastAlive())).toBe(null);
  });

  it('ends with 3 in order when Slack refuses a token later, and says what becomes of jobs', async () => {
    const slack = await acme();
    const bot = await serve(slack);
    await bot.up();

    slack.revoke('app', 'token_revoked');
    slack.disconnect('refresh_requested');

    expect(await bot.exited).toBe(3);
    const fatal = bot
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":60'));
    expect(fatal).toEqual([
      expect.stringMatching(/SLACK_APP_TOKEN.*"a chat refuses the bot"/),
      expect.stringMatching(/SLACK_APP_TOKEN.*agents that are running carry on by themselves/),
    ]);
  });

  it('ends with 3 when Slack refuses a card, and keeps the job', async () => {
    const slack = await acme();
    const bot = await serve(slack);
    await bot.up();
    const alice = slack.as(ALICE);
    await alice.command(LAB, 'refresh-info pluto').acknowledged;
    await expect.poll(() => alice.sees().length).toBe(1);
    const [plan] = alice.sees();

    slack.revoke('bot', 'account_inactive');
    await alice.press({ channel: LAB, ts: plan?.ts ?? '' }, 'confirm').acknowledged;

    expect(await bot.exited).toBe(3);
    expect(bot.log()).toMatch(/"level":60.*SLACK_BOT_TOKEN.*account_inactive.*"a chat refuses the bot"/);
    expect(await bot.stored((store) => store.activeJobs())).toMatchObject([{ action: 'refresh-info' }]);
  });

  it('carries on in its other chat when Slack refuses it later', async () => {
    const slack = await acme();
    const bot = await serve(slack, { TESTBOX_CONSOLE: 'console' });
    await bot.up();

    slack.revoke('app', 'token_revoked');
    slack.disconnect('refresh_requested');
    await expect.poll(bot.log).toContain('the bot carries on without it');
    bot.stop();

    expect(await bot.exited).toBe(0);
    expect(bot.log()).toMatch(/"level":60.*SLACK_APP_TOKEN.*a chat refuses the bot/);
  });

  it('runs where Slack is out of reach, and is there when Slack is', async () => {
    const slack = await acme();
    await slack.setDown(true);
    const bot = await serve(slack);
    await bot.up();

    await slack.setDown(false);
    await expect.poll(bot.log).toContain('connected to Slack');
    await whoami(slack);
    bot.stop();

    expect(await bot.exited).toBe(0);
  });
});
