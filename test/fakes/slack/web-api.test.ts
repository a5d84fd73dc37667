import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, refusal, workspace } from './scene.ts';
import { BOT_SCOPES, LAB } from './workspace.ts';

describe('tokens', () => {
  it('are known, or refused with the reason', async () => {
    const { slack, web } = await workspace();

    expect(await web.auth.test()).toMatchObject({ ok: true, team_id: 'T1', user_id: slack.botUser });
    expect(await errorOf(clientFor(slack, '').auth.test())).toBe('not_authed');
    expect(await errorOf(clientFor(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
  });

  it('are of the right kind', async () => {
    const { slack, web } = await workspace();
    const app = clientFor(slack, slack.appToken);

    expect(await errorOf(web.apps.connections.open())).toBe('not_allowed_token_type');
    expect(await errorOf(app.chat.postMessage({ channel: LAB, text: 'x' }))).toBe('not_allowed_token_type');
    expect(await app.apps.connections.open()).toMatchObject({ url: expect.stringMatching(/^ws:/) });
  });

  it('are refused once they are revoked', async () => {
    const { slack, web } = await workspace();

    slack.revoke('bot', 'account_inactive');

    expect(await errorOf(web.auth.test())).toBe('account_inactive');
    expect(await clientFor(slack, slack.appToken).apps.connections.open()).toMatchObject({ ok: true });
  });
});

describe('scopes', () => {
  const without = (missing: string) => BOT_SCOPES.filter((scope) => scope !== missing);

  it.each([
    ['chat.postMessage', { channel: LAB, text: 'x' }, 'chat:write'],
    ['chat.postEphemeral', { channel: LAB, user: 'UALICE', text: 'x' }, 'chat:write'],
    ['users.info', { user: 'UALICE' }, 'users:read'],
    ['usergroups.list', {}, 'usergroups:read'],
    ['usergroups.users.list', { usergroup: 'SOPERATORS' }, 'usergroups:read'],
    ['conversations.info', { channel: LAB }, 'channels:read'],
    ['conversations.history', { channel: LAB }, 'channels:history'],
    ['conversations.replies', { channel: LAB, ts: '1.000001' }, 'channels:history'],
    ['files.getUploadURLExternal', { filename: 'log.txt', length: 3 }, 'files:write'],
  ])('%s needs its own', async (method, args, scope) => {
    const { web } = await workspace({ scopes: without(scope) });

    const refused = await refusal(web.apiCall(method, args));

    const provided = without(scope).join(',');
    expect(refused).toMatchObject({ error: 'missing_scope', needed: scope, provided });
  });

  it('go by the kind of the conversation', async () => {
    const { slack, web } = await workspace({ scopes: without('groups:read') });
    slack.setChannel('C0SECRET', { members: ['UALICE', slack.botUser] });
    const { channel = '' } = await web.chat.postMessage({ channel: 'UALICE', text: 'hello' });

    const needed = async (id: string) => (await refusal(web.conversations.info({ channel: id }))).needed;

    expect(await needed('C0SECRET')).toBe('groups:read');
    expect(await needed(channel)).toBe('im:read');
    expect(await web.conversations.info({ channel: LAB })).toMatchObject({ channel: { is_member: true } });
  });

  it('are told with every answer', async () => {
    const { web } = await workspace();

    const { response_metadata } = await web.users.info({ user: 'UALICE' });

    expect(response_metadata).toMatchObject({ scopes: [...BOT_SCOPES], acceptedScopes: ['users:read'] });
  });

  it('of the app token are its own', async () => {
    const { slack } = await workspace();

    const { response_metadata } = await clientFor(slack, slack.appToken).apps.connections.open();

    const scopes = ['connections:write'];
    expect(response_metadata).toMatchObject({ scopes, acceptedScopes: scopes });
  });
});

describe('what goes wrong on purpose', () => {
  it('is one failure, without effect', async () => {
    const { slack, web } = await workspace();
    slack.failNext('chat.postMessage', 'internal_error');

    expect(await errorOf(web.chat.postMessage({ channel: LAB, text: 'first' }))).toBe('internal_error');
    await web.chat.postMessage({ channel: LAB, text: 'second' });

    expect(slack.as('UALICE').sees()).toMatchObject([{ text: 'second' }]);
    expect(slack.calls().map(({ outcome }) => outcome)).toEqual(['internal_error', 'ok']);
  });

  it('is an answer that gets lost, with its effect', async () => {
    const { slack, web } = await workspace();
    slack.loseNextAnswer('chat.postMessage');

    await expect(web.chat.postMessage({ channel: LAB, text: 'said' })).rejects.toThrow('fetch failed');

    expect(slack.as('UALICE').sees()).toMatchObject([{ text: 'said' }]);
  });

  it('is an answer that never comes', async () => {
    const { slack, web } = await workspace({}, { timeout: 50 });
    slack.hangNext('users.info');

    await expect(web.users.info({ user: 'UALICE' })).rejects.toThrow('timeout');

    expect(slack.calls()).toMatchObject([{ method: 'users.info', outcome: 'hung' }]);
  });

  it('is a Slack that refuses connections, and is back at the same address', async () => {
    const { slack, web } = await workspace();

    await slack.setDown(true);
    await expect(web.auth.test()).rejects.toThrow('fetch failed');
    await slack.setDown(false);

    expect(await web.auth.test()).toMatchObject({ ok: true });
  });

  it('is nothing of the fake’s own: unknown methods and JSON that nobody can read', async () => {
    const { slack, web } = await workspace();
    const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' };

    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers, body: '{' });

    expect(await errorOf(web.apiCall('chat.shout'))).toBe('unknown_method');
    expect(await answer.json()).toEqual({ ok: false, error: 'invalid_json' });
    expect(slack.breaches()).toEqual([]);
  });
});

describe('people and groups', () => {
  it('are told with what they are', async () => {
    const { slack, web } = await workspace();
    slack.setUser('UBOB', { deleted: true });
    slack.setUser('UMALLORY', { isUltraRestricted: true, team: 'T2' });

    const kinds = async (user: string) => (await web.users.info({ user })).user;

    expect(await kinds('UALICE')).toMatchObject({ team_id: 'T1', deleted: false, is_bot: false });
    expect(await kinds('UBOB')).toMatchObject({ deleted: true });
    expect(await kinds('UMALLORY')).toMatchObject({ team_id: 'T2', is_ultra_restricted: true });
    expect(await kinds(slack.botUser)).toMatchObject({ is_bot: true });
    expect(await errorOf(web.users.info({ user: 'UNOBODY' }))).toBe('user_not_found');
  });

  it('change', async () => {
    const { slack, web } = await workspace();
    slack.setUserGroup('SOPERATORS', ['UMALLORY']);

    expect(await web.usergroups.users.list({ usergroup: 'SOPERATORS' })).toMatchObject({
      users: ['UMALLORY'],
    });
    expect(await web.usergroups.list({ include_users: true })).toMatchObject({
      usergroups: [{ id: 'SOPERATORS', handle: 'operators', users: ['UMALLORY'] }],
    });
    expect(await errorOf(web.usergroups.users.list({ usergroup: 'SOTHER' }))).toBe('no_such_subteam');
  });
});
