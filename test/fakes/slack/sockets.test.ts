import { SocketModeClient } from '@slack/socket-mode';
import { describe, expect, it, onTestFinished } from 'vitest';
import { QUIET, workspace, workspaceWithApp } from './scene.ts';
import type { FakeSlack, WorkspaceSettings } from './types.ts';
import { LAB } from './workspace.ts';

interface Heard {
  type: string;
  envelope_id: string;
  retry_num: number | undefined;
  retry_reason: string | undefined;
  body: Record<string, unknown>;
}

/** A socket of the real client, which acknowledges what it hears or doesn't. */
async function connected(
  slack: FakeSlack,
  options: { acknowledges: boolean; clientPingTimeout?: number } = { acknowledges: true },
): Promise<{ socket: SocketModeClient; heard: Heard[] }> {
  const socket = new SocketModeClient({
    appToken: slack.appToken,
    clientPingTimeout: options.clientPingTimeout ?? 200,
    logger: QUIET,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  const heard: Heard[] = [];
  socket.on('slack_event', async (event: Heard & { ack: () => Promise<void> }) => {
    heard.push(event);
    if (options.acknowledges) await event.ack();
  });
  onTestFinished(() => socket.disconnect());
  await socket.start();
  return { socket, heard };
}

async function scene(settings: Partial<WorkspaceSettings> = {}) {
  const { slack } = await workspace(settings);
  return { slack, alice: slack.as('UALICE') };
}

describe('an envelope', () => {
  it('goes to one of the sockets, each in turn', async () => {
    const { slack, alice } = await scene();
    const first = await connected(slack);
    const second = await connected(slack);

    for (const text of ['a', 'b', 'c', 'd']) await alice.command(LAB, text).acknowledged;

    expect([first, second].map(({ heard }) => heard.map(({ body }) => body.text))).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
    expect(slack.pending()).toBe(0);
  });

  it('carries a command as Slack does', async () => {
    const { slack, alice } = await scene();
    const { heard } = await connected(slack);

    await alice.command(LAB, ' restore  pluto <&> ').acknowledged;

    expect(heard).toMatchObject([
      {
        type: 'slash_commands',
        body: {
          ...{ command: '/testbox', text: ' restore  pluto &lt;&amp;&gt; ' },
          ...{ team_id: 'T1', team_domain: 'acme', channel_id: LAB, channel_name: 'lab' },
          ...{ user_id: 'UALICE', user_name: 'alice', api_app_id: 'A0TESTBOX' },
          ...{ trigger_id: expect.any(String), response_url: expect.stringMatching(/^http:/) },
        },
      },
    ]);
  });

  it('carries a mention as an event', async () => {
    const { slack, alice } = await scene();
    const { heard } = await connected(slack);

    await alice.mention(LAB, 'status').acknowledged;

    const ts = alice.sees()[0]?.ts;
    const event = { type: 'app_mention', user: 'UALICE', text: '<@UBOT> status', ts, channel: LAB };
    expect(heard).toMatchObject([
      {
        ...{ type: 'events_api', retry_num: 0 },
        body: {
          ...{ type: 'event_callback', team_id: 'T1', event_id: expect.stringMatching(/^Ev/) },
          event: { ...event, event_ts: ts, user_team: 'T1' },
          authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }],
        },
      },
    ]);
  });

  it('that is not acknowledged within 3 s fails, and events come again', async () => {
    const { slack, alice } = await scene();
    // A busy machine must not be taken for a lost connection.
    const { heard } = await connected(slack, { acknowledges: false, clientPingTimeout: 20_000 });

    const command = alice.command(LAB, 'status').acknowledged;
    const mention = alice.mention(LAB, 'status').acknowledged;
    expect(slack.pending()).toBe(2);

    await expect(command).rejects.toThrow('/testbox failed with the error "operation_timeout"');
    await expect(mention).rejects.toThrow('operation_timeout');
    await expect.poll(() => heard.length).toBe(3);
    const [, first, again] = heard;
    expect(again).toMatchObject({ retry_num: 1, retry_reason: 'timeout', body: first?.body });
    expect(again?.envelope_id).not.toBe(first?.envelope_id);
    expect(slack.breaches()).toEqual([
      '/testbox was not acknowledged within 3 s',
      'a mention was not acknowledged within 3 s',
    ]);
  });

  it.each([true, false])('can be delivered again (with a new id: %s)', async (newEnvelopeId) => {
    const { slack, alice } = await scene();
    const { heard } = await connected(slack);
    await alice.command(LAB, 'status').acknowledged;

    await slack.redeliver({ newEnvelopeId }).acknowledged;

    const [first, again] = heard;
    expect(again?.body).toEqual(first?.body);
    expect(again?.envelope_id !== first?.envelope_id).toBe(newEnvelopeId);
  });

  it('is not sent without its scope', async () => {
    const { slack, alice } = await scene({ scopes: ['chat:write'] });
    const { heard } = await connected(slack);

    await expect(alice.command(LAB, 'x').acknowledged).rejects.toThrow('no scope "commands"');
    await expect(alice.mention(LAB, 'x').acknowledged).rejects.toThrow('no scope "app_mentions:read"');

    expect(heard).toEqual([]);
  });
});

describe('without a socket', () => {
  it('commands fail at once, and events wait', async () => {
    const { slack, alice } = await scene();

    await expect(alice.command(LAB, 'lost').acknowledged).rejects.toThrow('dispatch_failed');
    const mention = alice.mention(LAB, 'kept').acknowledged;
    const { heard } = await connected(slack);
    await mention;

    expect(heard).toMatchObject([{ type: 'events_api' }]);
    expect(slack.breaches()).toEqual([]);
  });

  it('commands wait too where a test wants it so', async () => {
    const { slack, alice } = await scene({ queueWhileAway: true });

    const command = alice.command(LAB, 'kept').acknowledged;
    const { heard } = await connected(slack);
    await command;

    expect(heard).toMatchObject([{ body: { text: 'kept' } }]);
  });
});

describe('a socket', () => {
  it.each<[string, (slack: FakeSlack) => void]>([
    ['is cut', (slack) => slack.dropSockets()],
    ['is dismissed', (slack) => slack.disconnect('refresh_requested')],
  ])('that %s is opened again by the client', async (_, cut) => {
    const { slack, alice } = await scene();
    const { socket, heard } = await connected(slack);
    const again = new Promise((resolve) => socket.once('connected', resolve));

    cut(slack);
    await again;
    await alice.command(LAB, 'still there').acknowledged;

    expect(heard).toMatchObject([{ body: { text: 'still there' } }]);
  });

  it('that is cut takes what it was sent with it, and events come again', async () => {
    const { slack, alice } = await scene();
    const { heard } = await connected(slack, { acknowledges: false });
    const command = alice.command(LAB, 'x').acknowledged;
    const mention = alice.mention(LAB, 'x').acknowledged;
    await expect.poll(() => heard.length).toBe(2);

    slack.dropSockets();

    await expect(command).rejects.toThrow('operation_timeout');
    await expect(mention).rejects.toThrow('operation_timeout');
    await expect.poll(() => heard.length).toBe(3);
    expect(heard[2]).toMatchObject({ type: 'events_api', retry_num: 1 });
    expect(slack.breaches()).toEqual([]);
  });

  it('is one of ten at most', async () => {
    const { slack } = await scene({ rateLimits: false });
    const tickets: string[] = [];
    for (let count = 0; count < 11; count += 1) {
      const headers = { authorization: `Bearer ${slack.appToken}` };
      const answer = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers });
      tickets.push(((await answer.json()) as { url: string }).url);
    }

    const greetings = [];
    for (const url of tickets) greetings.push(await firstWords(url));

    expect(greetings.map(({ type }) => type)).toEqual([...Array(10).fill('hello'), 'disconnect']);
    expect(greetings[0]).toMatchObject({ num_connections: 1, connection_info: { app_id: 'A0TESTBOX' } });
    expect(greetings[10]).toMatchObject({ reason: 'too_many_websockets' });
  });

  it('needs a ticket that nobody has used', async () => {
    const { slack } = await scene();
    const url = new URL('/link?ticket=guessed', slack.apiUrl.replace('http', 'ws'));

    await expect(firstWords(url.href)).rejects.toThrow('refused');
  });
});

describe('Bolt on the fake', () => {
  it('shows what a command’s acknowledgement says', async () => {
    const { slack } = await workspaceWithApp((app) => {
      app.command('/testbox', ({ ack }) => ack('heard'));
    });

    await slack.as('UALICE').command(LAB, 'status').acknowledged;

    expect(slack.as('UALICE').sees()).toMatchObject([{ text: 'heard', ephemeral: true }]);
    expect(slack.as('UBOB').sees()).toEqual([]);
  });
});

function firstWords(url: string): Promise<Record<string, unknown>> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.close());
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(JSON.parse(data)), { once: true });
    socket.addEventListener('error', () => reject(new Error('refused')), { once: true });
  });
}
