import { describe, expect, it } from 'vitest';
import { clientFor, workspace } from './scene.ts';
import { LAB } from './workspace.ts';

function clock(): { now: () => number; advance(ms: number): void } {
  let at = Date.UTC(2026, 0, 1);
  return {
    now: () => at,
    advance(ms) {
      at += ms;
    },
  };
}

const limited = (retryAfter: number) => expect.objectContaining({ code: expect.any(String), retryAfter });

describe('the limits of a method', () => {
  it.each([
    ['usergroups.list', {}, 20],
    ['conversations.info', { channel: LAB }, 50],
    ['users.info', { user: 'UALICE' }, 100],
  ])('%s may be called that often within a minute', async (method, args, perMinute) => {
    const { now, advance } = clock();
    const { slack, web } = await workspace({ now });

    await web.apiCall(method, args);
    advance(20_000);
    for (let call = 1; call < perMinute; call += 1) await web.apiCall(method, args);

    await expect(web.apiCall(method, args)).rejects.toEqual(limited(40));
    advance(40_000);
    expect(await web.apiCall(method, args)).toMatchObject({ ok: true });
    expect(slack.breaches()).toEqual([`${method} was called beyond Slack's limit (429)`]);
  });

  it('lets an app open ten sockets at once', async () => {
    const { now } = clock();
    const { slack } = await workspace({ now });
    const app = clientFor(slack, slack.appToken);

    for (let call = 0; call < 10; call += 1) await app.apps.connections.open();

    await expect(app.apps.connections.open()).rejects.toEqual(limited(60));
  });

  it('can be off', async () => {
    const { now } = clock();
    const { slack, web } = await workspace({ now, rateLimits: false });

    for (let call = 0; call < 30; call += 1) await web.usergroups.list();

    expect(slack.breaches()).toEqual([]);
  });
});

describe('posts of a channel', () => {
  it('are one a second, with some room for the network', async () => {
    const { now, advance } = clock();
    const { slack, web } = await workspace({ now });
    slack.setChannel('C0OTHER', { members: [slack.botUser] });
    const post = (channel: string) => web.chat.postMessage({ channel, text: 'x' });

    await post(LAB);
    advance(849);
    await expect(post(LAB)).rejects.toEqual(limited(1));
    expect(await post('C0OTHER')).toMatchObject({ ok: true });
    advance(1);

    expect(await post(LAB)).toMatchObject({ ok: true });
    expect(slack.breaches()).toHaveLength(1);
  });
});

describe('a storm', () => {
  it('refuses what it is about for its time, and is nobody’s fault', async () => {
    const { now, advance } = clock();
    const { slack, web } = await workspace({ now });
    slack.storm('users.info', { retryAfterSeconds: 3, forMs: 3000 });

    await expect(web.users.info({ user: 'UALICE' })).rejects.toEqual(limited(3));
    expect(await web.usergroups.list()).toMatchObject({ ok: true });
    advance(3000);

    expect(await web.users.info({ user: 'UALICE' })).toMatchObject({ ok: true });
    expect(slack.breaches()).toEqual([]);
  });
});
