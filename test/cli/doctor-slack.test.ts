import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHECKS } from '../../src/cli/doctor/checks.ts';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import type { FakeSlack } from '../fakes/slack/types.ts';
import { ACME, ALICE, LAB, OPERATORS } from '../fakes/slack/workspace.ts';
import { examined as examinedBy } from './doctor-context.ts';

const SLACK_CHECKS = CHECKS.filter(({ name }) => name.startsWith('slack '));

const BOX = `testboxes: [{ name: pluto, ip: 10.40.41.42 }]`;
const PEOPLE = `people: { alice: [ "slack:T1:${ALICE}" ] }
roles: { operator: { people: [alice] }, viewer: { groups: [ "slack:T1:${OPERATORS}" ] } }`;

async function acme(): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  return slack;
}

/** What the doctor says of Slack. */
function examined(
  slack: FakeSlack,
  { inventory = `${BOX}\n${PEOPLE}`, env = {} }: { inventory?: string; env?: Record<string, string> } = {},
): Promise<string[]> {
  const settings = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_CHANNEL: LAB,
  };
  return examinedBy(SLACK_CHECKS, { inventory, env: { ...settings, ...env } });
}

async function fixes(...of: Parameters<typeof examined>): Promise<string[]> {
  return (await examined(...of)).filter((line) => line.startsWith('FIX '));
}

describe('the doctor on Slack', () => {
  it('is content with an app that is set up as the guide says', async () => {
    expect(await examined(await acme())).toEqual([
      'slack tokens: @testbox in Acme (T1)',
      `slack scopes: all ${ACME.scopes.length} are granted`,
      'slack channels: 1 takes posts',
      `slack groups: ${OPERATORS}: 2 people`,
      'slack ids: 2 of Acme',
    ]);
  });

  it('names the token that is refused, and where a new one is', async () => {
    const slack = await acme();
    slack.revoke('bot', 'token_revoked');
    slack.revoke('app', 'invalid_auth');

    const found = await examined(slack);

    expect(found).toEqual([
      expect.stringMatching(
        /^FIX slack tokens: .*SLACK_BOT_TOKEN.*revoked.*OAuth & Permissions at https:\/\/api\.slack\.com\/apps/,
      ),
      expect.stringMatching(
        /^FIX slack tokens: .*SLACK_APP_TOKEN.*invalid_auth.*connections:write.*Basic Information/,
      ),
      ...['scopes', 'channels', 'groups', 'ids'].map(
        (name) => `slack ${name}: not looked at, the tokens of Slack come first`,
      ),
    ]);
    expect(found.join()).not.toContain(slack.botToken);
    expect(found.join()).not.toContain(slack.appToken);
  });

  it("says so when a word of Slack's for a token is new to it", async () => {
    const slack = await acme();
    slack.revoke('app', 'app_on_holiday');

    expect(await fixes(slack)).toEqual([
      'FIX slack tokens: put another token into SLACK_APP_TOKEN: Slack refuses this one (app_on_holiday)',
    ]);
  });

  it('says once that Slack is out of reach, and which variable may be why', async () => {
    const slack = await acme();
    await slack.setDown(true);

    expect(await fixes(slack)).toEqual([
      `FIX slack tokens: check SLACK_API_URL, and that this machine reaches ${slack.apiUrl}: ECONNREFUSED`,
    ]);
  });

  it('names missing scopes with their reasons, and that they count after another installation', async () => {
    const slack = await acme();
    slack.setScopes([...ACME.scopes.filter((scope) => scope !== 'users:read'), 'reactions:read']);

    expect(await fixes(slack)).toEqual([
      'FIX slack scopes: add the scope users:read to the app, so that the bot shows names, and tells members from guests and bots, who may not decide',
      expect.stringMatching(/^FIX slack scopes: then install the app again .*Reinstall/),
    ]);
  });

  it('says what to do about each channel that takes no posts, and whose it is', async () => {
    const slack = await acme();
    slack.setChannel(LAB, { isArchived: true });
    const inventory = `testboxes:
  - { name: pluto, ip: 10.40.41.42 }
  - { name: venus, ip: 10.40.41.43, channel: { slack: C0GENERAL } }
  - { name: mars, ip: 10.40.41.44, channel: { slack: C0GENERAL } }
  - { name: ceres, ip: 10.40.41.45, channel: { slack: C0SECRET } }
${PEOPLE}`;

    expect(await fixes(slack, { inventory })).toEqual([
      `FIX slack channels: unarchive #lab (${LAB}), the channel of SLACK_CHANNEL, pluto, or name another one: nothing can be posted there`,
      'FIX slack channels: type "/invite @testbox" in #general (C0GENERAL), the channel of venus, mars: the bot is no member',
      'FIX slack channels: correct the id C0SECRET, the channel of ceres, or type "/invite @testbox" there if it is private: Slack shows the bot no such channel',
    ]);
  });

  it('says which boxes have no channel of their own', async () => {
    const found = await examined(await acme(), { env: { SLACK_CHANNEL: '' } });

    expect(found).toContain('slack channels: 0 take posts; cards of pluto go where they are asked for');
  });

  it('does not take a question that was not answered for a good answer', async () => {
    const slack = await acme();
    slack.storm('conversations.info', { retryAfterSeconds: 30, forMs: 60_000 });

    expect(await fixes(slack)).toEqual([
      `FIX slack channels: run the doctor again: ${LAB}, the channel of SLACK_CHANNEL, pluto was not seen, Slack wants a pause of 30 s`,
    ]);
  });

  it('finds a user group that is none', async () => {
    const inventory = `${BOX}\nroles: { operator: { groups: ["slack:T1:SNONE"] } }`;

    expect(await fixes(await acme(), { inventory })).toEqual([
      'FIX slack groups: correct or remove the user group SNONE under roles in the inventory: there is none in Acme',
    ]);
  });

  it('finds ids of another workspace, names where an id is expected, and a role that nobody holds', async () => {
    const inventory = `${BOX}
people: { alice: ["slack:T9:U1"], bob: ["slack:T1:bob"] }
roles: { operator: { people: [alice], groups: ["slack:T9:S1"] } }`;

    expect(await fixes(await acme(), { inventory })).toEqual([
      'FIX slack ids: correct slack:T9:U1 (people.alice): the bot is in Acme, whose ids begin with slack:T1:',
      'FIX slack ids: correct slack:T1:bob (people.bob): expected the id of a user, such as U0123ABCD, not a name',
      'FIX slack ids: correct slack:T9:S1 (roles.operator.groups): the bot is in Acme, whose ids begin with slack:T1:',
      expect.stringMatching(
        /^FIX slack ids: give a role to somebody on Slack, by an id such as slack:T1:U0123/,
      ),
    ]);
  });

  it('looks at the tokens and SLACK_CHANNEL even while the inventory is wrong', async () => {
    const slack = await acme();
    slack.setChannel(LAB, { members: [] });

    const found = await examined(slack, { inventory: 'testboxes: 1' });

    expect(found).toEqual([
      'slack tokens: @testbox in Acme (T1)',
      expect.stringMatching(/^slack scopes: all/),
      `FIX slack channels: type "/invite @testbox" in #lab (${LAB}), the channel of SLACK_CHANNEL: the bot is no member`,
      'slack groups: not looked at, the inventory comes first',
      'slack ids: not looked at, the inventory comes first',
    ]);
  });

  it('says all that as a program too, without the tokens, and ends with 1', async () => {
    const slack = await acme();
    slack.setScopes([]);
    const directory = mkdtempSync(join(tmpdir(), 'testbox-doctor-slack-'));
    writeFileSync(join(directory, 'testboxes.yaml'), `${BOX}\n${PEOPLE}`);
    const env = {
      PATH: process.env.PATH,
      TESTBOX_LAB: '1',
      TESTBOX_TFTP_ROOT: directory,
      TESTBOX_BACKUP_ROOT: directory,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    };

    const { status, output } = await new Promise<{ status: unknown; output: string }>((resolve) => {
      const main = join(import.meta.dirname, '../../src/main.ts');
      execFile(process.execPath, [main, 'doctor'], { cwd: directory, env }, (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, output: `${stdout}${stderr}` }),
      );
    });

    expect(status).toBe(1);
    expect(output).toContain('ok   slack tokens: @testbox in Acme (T1)');
    expect(output).toContain('FIX  slack scopes: add the scope chat:write to the app');
    expect(output).not.toContain(slack.botToken);
    expect(output).not.toContain(slack.appToken);
  });
});
