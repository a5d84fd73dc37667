import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type InspectSettings, inspectSlack } from '../../../src/chat/slack/inspect.ts';
import { BOT_SCOPES } from '../../../src/chat/slack/scopes.ts';
import { startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import type { FakeSlack } from '../../fakes/slack/types.ts';
import { LAB, OPERATORS } from '../../fakes/slack/workspace.ts';

async function acme(): Promise<{ slack: FakeSlack; settings: InspectSettings }> {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  const { botToken, appToken, apiUrl } = slack;
  const settings = { botToken, appToken, apiUrl, channels: [LAB], groups: () => [OPERATORS] };
  return { slack, settings };
}

describe('what Slack says about the bot', () => {
  it('is who the bot is, what it may do, and where it can post', async () => {
    const { slack, settings } = await acme();

    const findings = await inspectSlack(settings);

    expect(findings).toEqual({
      bot: {
        kind: 'valid',
        team: 'T1',
        teamName: 'Acme',
        botUser: slack.botUser,
        botName: 'testbox',
        scopes: expect.arrayContaining(Object.keys(BOT_SCOPES)),
      },
      app: { kind: 'valid' },
      channels: [{ channel: LAB, name: 'lab', kind: 'ready' }],
      groups: [{ group: OPERATORS, kind: 'known', members: 2 }],
    });
    expect(slack.calls().map(({ method }) => method)).toEqual(
      expect.arrayContaining(['auth.test', 'apps.connections.open']),
    );
    expect(slack.calls()).toHaveLength(4);
  });

  it('tells apart why a channel takes no posts', async () => {
    const { slack, settings } = await acme();
    slack.setChannel('C0OLD', { name: 'old', isArchived: true, members: [slack.botUser] });

    const { channels } = await inspectSlack({
      ...settings,
      channels: ['C0OLD', 'C0GENERAL', 'C0SECRET', 'C0NONE'],
    });

    expect(channels).toEqual([
      { channel: 'C0OLD', name: 'old', kind: 'archived' },
      { channel: 'C0GENERAL', name: 'general', kind: 'not-member' },
      expect.objectContaining({ channel: 'C0SECRET', kind: 'refused', code: 'channel_not_found' }),
      expect.objectContaining({ channel: 'C0NONE', kind: 'refused', code: 'channel_not_found' }),
    ]);
  });

  it('names the scope that keeps it from looking', async () => {
    const { slack, settings } = await acme();
    slack.setScopes(['chat:write']);
    slack.setChannel('C0CELLAR', { name: 'cellar', isPrivate: true, members: [slack.botUser] });

    const findings = await inspectSlack({ ...settings, channels: ['C0CELLAR'] });

    expect(findings).toMatchObject({
      bot: { kind: 'valid', scopes: ['chat:write'] },
      channels: [{ kind: 'refused', code: 'missing_scope', needed: 'groups:read' }],
      groups: [{ kind: 'refused', code: 'missing_scope', needed: 'usergroups:read' }],
    });
  });

  it('asks for groups of the workspace that the token is of', async () => {
    const { settings } = await acme();
    const asked: string[] = [];

    const { groups } = await inspectSlack({
      ...settings,
      groups: (team) => {
        asked.push(team);
        return ['SNONE'];
      },
    });

    expect(asked).toEqual(['T1']);
    expect(groups).toMatchObject([{ group: 'SNONE', kind: 'refused', code: 'no_such_subteam' }]);
  });

  it('is nothing about channels when the token is refused', async () => {
    const { slack, settings } = await acme();
    slack.revoke('bot', 'token_revoked');

    const findings = await inspectSlack(settings);

    expect(findings).toMatchObject({
      bot: { kind: 'refused', code: 'token_revoked' },
      app: { kind: 'valid' },
      channels: [],
      groups: [],
    });
  });

  it('is asked for once, and what went unanswered is not asked again', async () => {
    const { slack, settings } = await acme();
    slack.storm('conversations.info', { retryAfterSeconds: 30, forMs: 60_000 });

    const { channels } = await inspectSlack({ ...settings, channels: [LAB, 'C0GENERAL'] });

    expect(channels).toEqual([{ channel: LAB, name: null, kind: 'limited', retryAfterMs: 30_000 }]);
  });

  it('has the reason of a network that leads nowhere', async () => {
    const { slack, settings } = await acme();
    await slack.setDown(true);

    const findings = await inspectSlack(settings);

    expect(findings).toMatchObject({
      bot: { kind: 'unreachable', why: 'ECONNREFUSED' },
      app: { kind: 'unreachable', why: 'ECONNREFUSED' },
    });
  });

  it("does not take another server's page for Slack", async () => {
    const page = createServer((_request, response) => response.end('<h1>Welcome</h1>'));
    onTestFinished(() => void page.close());
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const address = page.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { settings } = await acme();

    const { bot } = await inspectSlack({ ...settings, apiUrl: `http://127.0.0.1:${port}/` });

    expect(bot).toMatchObject({ kind: 'unreachable', why: "an answer that is not Slack's" });
  });
});
