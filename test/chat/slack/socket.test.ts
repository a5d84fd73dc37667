import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { ChatRefusedError } from '../../../src/chat/platform.ts';
import type { SocketPace } from '../../../src/chat/slack/socket.ts';
import { ear, message } from '../../contracts/chat-platform.ts';
import type { FakeSlack } from '../../fakes/slack/types.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { NEVER_AGAIN, QUICK, slackScene } from './slack-fixture.ts';

const PATIENT = { rateLimits: false, queueWhileAway: true };

describe('the socket to Slack', () => {
  it.each(['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets'] as const)(
    'is opened again when Slack ends it: %s',
    async (reason) => {
      const { slack, nextCommand } = await started();

      slack.disconnect(reason);
      slack.as(ALICE).command(LAB, 'status');

      expect((await nextCommand()).text).toBe('status');
      expect(openings(slack)).toBe(2);
    },
  );

  it('is opened again when it is cut, again and again', async () => {
    const { slack, nextCommand } = await started();

    for (const text of ['one', 'two', 'three']) {
      slack.dropSockets();
      slack.as(ALICE).command(LAB, text);
      expect((await nextCommand()).text).toBe(text);
    }
  });

  it('is opened again at once, without waiting until Slack has closed its side', async () => {
    const paused: number[] = [];
    const { slack, nextCommand } = await started(noting(paused));

    slack.disconnect('warning');
    slack.as(ALICE).command(LAB, 'status');
    await nextCommand();

    expect(paused).toEqual([0]);
  });

  it('is tried more and more slowly while Slack is away, and then opened', async () => {
    const paused: number[] = [];
    const { slack, nextCommand } = await started(noting(paused));

    await slack.setDown(true);
    slack.as(ALICE).command(LAB, 'status');
    await expect.poll(() => paused.length).toBeGreaterThan(4);
    await slack.setDown(false);

    expect((await nextCommand()).text).toBe('status');
    expect(paused.slice(0, 5)).toEqual([0, 2, 3, 4, 5]);
  });

  it('says once what is wrong, however long it lasts', async () => {
    const { slack, warnings } = await started();
    const paused = () => warnings.filter(({ message }) => message.includes('no socket to Slack'));

    await slack.setDown(true);
    await expect.poll(() => paused().length).toBe(1);
    await slack.setDown(false);
    await expect.poll(() => openings(slack)).toBeGreaterThan(1);

    expect(paused()).toHaveLength(1);
  });

  it('opens later when Slack can not be reached at the start', async () => {
    const scene = await slackScene(PATIENT);
    const { slack } = scene;
    const heard = ear();
    await slack.setDown(true);

    await scene.connect().start(heard.inbound);
    slack.as(ALICE).command(LAB, 'status');
    await slack.setDown(false);

    expect((await heard.nextCommand()).person).toMatchObject({ user: ALICE, team: 'T1' });
  });

  it('opens later when Slack does not say hello in time', async () => {
    const scene = await slackScene(PATIENT);
    const heard = ear();
    scene.slack.hangNext('apps.connections.open');

    await scene.connect({ pace: { socket: { ...QUICK, openWithinMs: 30 } } }).start(heard.inbound);
    scene.slack.as(ALICE).command(LAB, 'status');

    expect((await heard.nextCommand()).text).toBe('status');
  });

  it('is replaced when the other side falls silent without closing', async () => {
    const { apiUrl, opened } = await silentSlack();
    const { connect } = await slackScene();

    await connect({ apiUrl, pace: { socket: { ...QUICK, silentMs: 50 } } }).start(ear().inbound);

    await expect.poll(opened).toBeGreaterThan(1);
  });

  it('waits as long as Slack says', async () => {
    const { slack, connect } = await slackScene(PATIENT);
    const paused: number[] = [];
    const sleep: SocketPace['sleep'] = (ms, signal) => {
      paused.push(ms);
      return NEVER_AGAIN.sleep(ms, signal);
    };
    slack.storm('apps.connections.open', { retryAfterSeconds: 7, forMs: 1 });

    await connect({ pace: { socket: { ...QUICK, sleep } } }).start(ear().inbound);

    await expect.poll(() => paused).toEqual([7_000]);
  });

  it('says what to do when Socket Mode is switched off', async () => {
    const { slack, nextCommand, warnings } = await started();

    slack.disconnect('link_disabled');
    slack.as(ALICE).command(LAB, 'status');
    await nextCommand();

    const said = warnings.map(({ message }) => message);
    expect(said).toEqual([expect.stringMatching(/switch it on under Socket Mode/)]);
  });
});

describe('tokens that Slack refuses', () => {
  it.each([
    ['bot', 'SLACK_BOT_TOKEN'],
    ['app', 'SLACK_APP_TOKEN'],
  ] as const)('end the start, with the name of the %s token', async (token, name) => {
    const { slack, connect, refused } = await slackScene();
    slack.revoke(token, 'invalid_auth');

    const starting = connect().start(ear().inbound);

    await expect(starting).rejects.toThrow(ChatRefusedError);
    await expect(starting).rejects.toThrow(name);
    expect(refused).toEqual([]);
  });

  it('end the start when the app token is of another kind', async () => {
    const { slack, connect } = await slackScene();

    const starting = connect({ appToken: slack.botToken }).start(ear().inbound);

    await expect(starting).rejects.toThrow(/SLACK_APP_TOKEN.*another kind.*connections:write/);
  });

  it('are reported once when they are revoked later, and no socket is tried again', async () => {
    const { slack, refused } = await started();

    slack.revoke('app', 'token_revoked');
    slack.dropSockets();
    await expect.poll(() => refused.length).toBe(1);
    const tried = openings(slack);
    slack.revoke('bot', 'token_revoked');

    expect(refused[0]).toBeInstanceOf(ChatRefusedError);
    expect(refused[0]?.message).toMatch(/SLACK_APP_TOKEN.*token_revoked/);
    expect(openings(slack)).toBe(tried);
  });

  it('are noticed by a bot that posts nothing, with the next socket that Slack asks for', async () => {
    const { slack, refused } = await started();

    slack.revoke('bot', 'token_revoked');
    slack.disconnect('refresh_requested');

    await expect
      .poll(() => refused.map(({ message }) => message))
      .toEqual([expect.stringMatching(/SLACK_BOT_TOKEN.*token_revoked/)]);
  });

  it('are noticed when Slack comes back that was away at the start', async () => {
    const { slack, connect, refused } = await slackScene(PATIENT);
    await slack.setDown(true);
    slack.revoke('bot', 'account_inactive');
    await connect().start(ear().inbound);

    await slack.setDown(false);

    await expect
      .poll(() => refused.map(({ message }) => message))
      .toEqual([expect.stringMatching(/SLACK_BOT_TOKEN.*account_inactive/)]);
  });
});

describe('a platform that stops', () => {
  it.each<[string, (slack: FakeSlack) => unknown]>([
    ['while its socket is open', () => undefined],
    ['while its socket is being replaced', (slack) => slack.disconnect('warning')],
    ['while Slack is away', (slack) => slack.setDown(true)],
    ['while Slack gives no socket', (slack) => giveNoSocket(slack)],
  ])('leaves no socket and no timer %s', async (_when, happens) => {
    const before = timers();
    const { slack, platform } = await started();
    await happens(slack);

    await platform.stop();
    await slack.setDown(false);
    const tried = openings(slack);
    const delivery = slack.as(ALICE).mention(LAB, 'status');
    delivery.acknowledged.catch(() => {});

    await expect.poll(() => slack.pending()).toBe(0);
    expect(openings(slack)).toBe(tried);
    await slack.stop();
    expect(await timersLeft(before)).toBe(0);
  });

  it('lets nobody wait for a turn any more', async () => {
    const { platform } = await started();

    await platform.stop();

    const turn = platform.turn({ kind: 'edit', channel: LAB, urgency: 'people' });
    await expect(turn).rejects.toMatchObject({ name: 'ChatUnavailableError' });
    expect(platform.progressTurn()).toBe(false);
  });

  it('stops also when it was never started', async () => {
    const { connect, slack } = await slackScene();

    await connect().stop();

    expect(slack.calls()).toEqual([]);
  });
});

it('works with the address of the API with and without its last slash', async () => {
  const { connect, slack, seen } = await slackScene({ rateLimits: false });

  for (const apiUrl of [slack.apiUrl, slack.apiUrl.replace(/\/$/, '')]) {
    const platform = connect({ apiUrl });
    await platform.start(ear().inbound);
    await platform.post({ channel: LAB, nonce: apiUrl }, message('card'));
  }

  expect(seen(ALICE)).toHaveLength(2);
  expect(openings(slack)).toBe(2);
});

async function started(socket: SocketPace = QUICK) {
  const scene = await slackScene(PATIENT);
  const platform = scene.connect({ pace: { socket } });
  const { inbound, nextCommand } = ear();
  await platform.start(inbound);
  return { ...scene, platform, nextCommand };
}

/** Says hello and then nothing any more: neither a pong nor a goodbye. */
async function silentSlack() {
  let opened = 0;
  const http = createServer((request, response) => {
    const url = `ws://${request.headers.host}/link`;
    const who = { url: 'https://acme.slack.com/', team_id: 'T1', user_id: 'U0BOT' };
    response.end(JSON.stringify({ ok: true, ...who, ...(request.url?.includes('apps') ? { url } : {}) }));
  });
  const sockets = new WebSocketServer({ server: http, autoPong: false });
  sockets.on('connection', (socket) => {
    opened += 1;
    socket.send(JSON.stringify({ type: 'hello' }), () => socket.pause());
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { apiUrl: `http://127.0.0.1:${port}/api/`, opened: () => opened };
}

/** Notes for how many failures in a row there was a pause. */
function noting(paused: number[]): SocketPace {
  return {
    ...QUICK,
    lastingMs: Number.POSITIVE_INFINITY,
    pauseMs: (failures) => {
      paused.push(failures);
      return QUICK.pauseMs(failures);
    },
  };
}

async function giveNoSocket(slack: FakeSlack): Promise<void> {
  slack.hangNext('apps.connections.open');
  slack.dropSockets();
  await expect.poll(() => slack.calls().at(-1)?.outcome).toBe('hung');
}

function openings(slack: FakeSlack): number {
  return slack.calls().filter(({ method }) => method === 'apps.connections.open').length;
}

/** More than there were, once the other ends of the sockets have noticed that all is over. */
async function timersLeft(before: number): Promise<number> {
  for (let looks = 0; timers() > before && looks < 1_000; looks += 1) await setImmediate();
  return Math.max(0, timers() - before);
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
