import { describe, expect, it } from 'vitest';
import { workspace, workspaceWithApp } from './scene.ts';
import { LAB } from './workspace.ts';

const button = (action_id: string, value: string) => ({
  ...{ type: 'button' as const, action_id, value },
  text: { type: 'plain_text' as const, text: action_id },
});
const buttons = (...elements: ReturnType<typeof button>[]) => [{ type: 'actions' as const, elements }];

async function card() {
  const bodies: Record<string, unknown>[] = [];
  const { slack, web } = await workspaceWithApp(
    (app) => {
      app.action(/.*/, async ({ ack, body }) => {
        bodies.push(body as never);
        await ack();
      });
    },
    { rateLimits: false },
  );
  const blocks = [
    ...buttons(button('approve', 'j1'), button('deny', 'j1')),
    ...buttons(button('deny', 'j2')),
  ];
  const { ts = '' } = await web.chat.postMessage({ channel: LAB, text: 'card', blocks });
  return { slack, web, bodies, place: { channel: LAB, ts } };
}

describe('a click', () => {
  it('tells who clicked what, and where', async () => {
    const { slack, bodies, place } = await card();

    await slack.as('UBOB').press(place, 'deny', 'j2').acknowledged;

    expect(bodies).toMatchObject([
      {
        ...{ type: 'block_actions', api_app_id: 'A0TESTBOX', trigger_id: expect.any(String) },
        user: { id: 'UBOB', username: 'bob', team_id: 'T1' },
        team: { id: 'T1', domain: 'acme' },
        channel: { id: LAB, name: 'lab' },
        container: { type: 'message', message_ts: place.ts, channel_id: LAB, is_ephemeral: false },
        message: { ts: place.ts, text: 'card', user: slack.botUser },
        actions: [{ type: 'button', action_id: 'deny', value: 'j2', action_ts: expect.any(String) }],
        response_url: expect.stringMatching(/^http:/),
      },
    ]);
  });

  it('in an ephemeral message comes without the message, which Slack does not keep', async () => {
    const { slack, web, bodies } = await card();
    const shown = { channel: LAB, user: 'UALICE', text: 'sure?', blocks: buttons(button('go', '1')) };
    const { message_ts: ts = '' } = await web.chat.postEphemeral(shown);

    await slack.as('UALICE').press({ channel: LAB, ts }, 'go').acknowledged;

    expect(bodies).toMatchObject([{ container: { is_ephemeral: true, message_ts: ts } }]);
    expect(bodies[0]).not.toHaveProperty('message');
    expect(() => slack.as('UBOB').press({ channel: LAB, ts }, 'go')).toThrow('UBOB sees no message');
  });

  it('needs a button that is there, and only one of it', async () => {
    const { slack, web, place } = await card();
    const bob = slack.as('UBOB');

    expect(() => bob.press(place, 'cancel')).toThrow('no button cancel; it has approve=j1, deny=j1, deny=j2');
    expect(() => bob.press(place, 'deny')).toThrow('several buttons deny');
    expect(() => bob.press('dialog', 'deny')).toThrow('UBOB has no dialog open');
    expect(() => slack.as('UCAROL').press(place, 'approve')).toThrow('UCAROL sees no message');
    await web.chat.update({ ...place, text: 'over', blocks: [] });
    expect(() => bob.press(place, 'approve')).toThrow('it has none');
  });
});

describe('a person', () => {
  it('writes only where they are, and only while they may', async () => {
    const { slack } = await workspace();

    expect(() => slack.as('UNOBODY')).toThrow('Nobody');
    expect(() => slack.as('UCAROL').command(LAB, 'x')).toThrow('UCAROL is not in C0LAB');
    expect(() => slack.as('UALICE').mention('C0NONE', 'x')).toThrow('no channel C0NONE');
    expect(() => slack.as('UALICE').mention(LAB, 'x', '1.000001')).toThrow('no thread 1.000001');
    slack.setChannel(LAB, { isArchived: true });
    expect(() => slack.as('UALICE').command(LAB, 'x')).toThrow('archived');
    slack.setUser('UALICE', { deleted: true });
    expect(() => slack.as('UALICE').command('C0GENERAL', 'x')).toThrow('account is closed');
  });

  it('sees what is in their channels now', async () => {
    const { slack, web } = await workspace();
    await web.chat.postMessage({ channel: LAB, text: 'card' });
    slack.setChannel(LAB, { members: ['UCAROL', slack.botUser] });

    expect(slack.as('UALICE').sees()).toEqual([]);
    expect(slack.as('UCAROL').sees()).toMatchObject([{ text: 'card' }]);
  });

  it('mentions a bot that is not there in vain', async () => {
    const { slack } = await workspace();

    const mention = slack.as('UALICE').mention('C0GENERAL', 'hello');

    await expect(mention.acknowledged).rejects.toThrow('@testbox is not in C0GENERAL');
  });
});

describe('whoever waits for a change', () => {
  it('is woken by it, or by their own signal', async () => {
    const { slack, web } = await workspace();
    const stop = new AbortController();
    const given = slack.changed(stop.signal);

    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await expect(slack.changed(stop.signal)).rejects.toThrow('enough');

    const next = slack.changed();
    await web.chat.postMessage({ channel: LAB, text: 'card' });
    await next;
    expect(slack.changesSince(0, 'UALICE')).toMatchObject([{ text: 'card', edited: false }]);
  });
});
