import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChannelRefusedError, ChatUnavailableError, MessageGoneError } from '../../../src/chat/platform.ts';
import { button, ear, message } from '../../contracts/chat-platform.ts';
import { ACME, ALICE, GENERAL, LAB } from '../../fakes/discord/guild.ts';
import { discordScene } from './discord-fixture.ts';

const TO = { channel: LAB, nonce: 'n1' };
const MESSAGES = `/channels/${LAB}/messages`;

describe('a post that Discord refuses', () => {
  it('into a channel that is closed to the bot names the channel and what the role needs', async () => {
    const { connect, ledger } = await discordScene();
    const platform = connect();
    await platform.start(ear().inbound);

    const error = await failureOf(platform.post({ channel: GENERAL, nonce: 'n1' }, message('card')));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(/#general .*5000?1|#general .*50013/);
    for (const permission of ['View Channel', 'Send Messages in Threads', 'Attach Files'])
      expect(error.message).toContain(permission);
    expect(ledger.stateOf('n1')).toBeNull();
  });

  it.each([
    [{ status: 404, code: 10003, message: 'Unknown Channel' }, /deleted.*inventory/],
    [{ status: 403, code: 50013, message: 'Missing Permissions' }, /Embed Links/],
    [{ status: 400, code: 40062, message: 'Never heard of' }, /40062 Never heard of/],
  ])('%j says why', async (failure, says) => {
    const { connect, discord } = await discordScene();
    discord.failNext(MESSAGES, failure);

    const error = await failureOf(connect().post(TO, message('card')));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(says);
    expect(error.message).toContain(LAB);
  });

  it.each([500, 502, 503])('with status %i is one to try again', async (status) => {
    const { connect, discord } = await discordScene();
    discord.failNext(MESSAGES, { status, code: 0, message: 'down' });

    expect(await failureOf(connect().post(TO, message('card')))).toBeInstanceOf(ChatUnavailableError);
  });

  it('says how long Discord wants to be left alone', async () => {
    const { connect, discord } = await discordScene();
    discord.storm(MESSAGES, { retryAfterSeconds: 30, forMs: 5_000 });

    const error = await failureOf(connect().post(TO, message('card')));

    expect(error).toBeInstanceOf(ChatUnavailableError);
    expect(error).toMatchObject({ retryAfterMs: expect.closeTo(30_050, -2) });
  });

  it('never hangs: an answer that does not come is waited for so long', async () => {
    const { url } = await muteServer();
    const { connect, ledger } = await discordScene();
    const platform = connect({ apiUrl: url, pace: { callWithinMs: 50 } });

    const error = await failureOf(platform.post(TO, message('card')));

    expect(error).toBeInstanceOf(ChatUnavailableError);
    expect(ledger.stateOf('n1')).toBe('unknown');
  });

  it.each(['<html>Sorry</html>', '[]', '{"id":17}'])(
    'is not taken for posted when a proxy answers %j',
    async (page) => {
      const { url } = await muteServer(page);
      const { connect, ledger } = await discordScene();

      const error = await failureOf(connect({ apiUrl: url }).post(TO, message('card')));

      expect(error).toBeInstanceOf(ChatUnavailableError);
      expect(ledger.stateOf('n1')).toBe('unknown');
    },
  );

  it('to one person says that there is no way to them', async () => {
    const users = ACME.users.map((user) => ({ ...user, closedToBots: user.id === ALICE }));
    const { connect } = await discordScene({ users });

    const error = await failureOf(connect().tellPerson({ user: ALICE, nonce: 'p1' }, message('approve?')));

    expect(error).toBeInstanceOf(ChannelRefusedError);
    expect(error.message).toMatch(new RegExp(`${ALICE}.*Privacy Settings`));
  });

  it.each(['nonsense', LAB, `${LAB}:17`, `#lab:1700000000000000000`])(
    'has no message %j to go to',
    async (ref) => {
      const { connect, discord } = await discordScene();
      const platform = connect();
      const thread = { card: ref, nonce: 't1', broadcast: false };

      expect(await failureOf(platform.edit(ref, message('x')))).toBeInstanceOf(MessageGoneError);
      expect(await failureOf(platform.postInThread(thread, message('x')))).toBeInstanceOf(MessageGoneError);
      expect(await failureOf(platform.showProgress(ref, message('x')))).toBeInstanceOf(MessageGoneError);
      expect(discord.calls()).toEqual([]);
    },
  );
});

describe('a form that Discord does not take', () => {
  const CARD = message('backing up pluto', { title: 'Backup', buttons: [button('cancel')] });
  const DISLIKED = { status: 400, code: 50035, message: 'Invalid Form Body' };

  it('leaves the words of a post', async () => {
    const { connect, discord, seen, warnings } = await discordScene();
    discord.failNext(MESSAGES, DISLIKED);

    await connect().post(TO, CARD);

    expect(seen(ALICE)).toMatchObject([{ text: 'backing up pluto', buttons: [] }]);
    expect(warnings).toMatchObject([{ fields: { failure: { code: 50035 }, payload: { embeds: [{}] } } }]);
  });

  it('leaves the words of an edit, and takes the old form away', async () => {
    const { connect, discord, seen } = await discordScene();
    const platform = connect();
    const ref = await platform.post(TO, CARD);
    discord.failNext(MESSAGES, DISLIKED);

    await platform.edit(ref, message('done', { title: 'Backup' }));

    expect(seen(ALICE)).toMatchObject([{ text: 'done', raw: { embeds: [] } }]);
  });
});

describe('an edit that Discord refuses', () => {
  it.each([
    { status: 404, code: 10008, message: 'Unknown Message' },
    { status: 404, code: 10003, message: 'Unknown Channel' },
    { status: 403, code: 50005, message: 'Cannot edit a message authored by another user' },
  ])('$code means that the message is gone', async (failure) => {
    const { platform, discord, ref } = await withCard();
    discord.failNext(MESSAGES, failure);

    expect(await failureOf(platform.edit(ref, message('two')))).toBeInstanceOf(MessageGoneError);
  });

  it.each([
    { status: 403, code: 50001, message: 'Missing Access' },
    { status: 400, code: 49999, message: 'Never heard of it' },
    { status: 500, code: 0, message: 'Internal Server Error' },
  ])('$code may mend', async (failure) => {
    const { platform, discord, ref } = await withCard();
    discord.failNext(MESSAGES, failure);

    expect(await failureOf(platform.edit(ref, message('two')))).toBeInstanceOf(ChatUnavailableError);
  });
});

describe('a token that Discord refuses later on', () => {
  it('is reported once, and the calls wait', async () => {
    const { platform, discord, ref, refused, ledger } = await withCard({ breaks: true });
    discord.revokeToken();

    const errors = [
      await failureOf(platform.edit(ref, message('two'))),
      await failureOf(platform.post({ channel: LAB, nonce: 'n2' }, message('new'))),
    ];

    expect(refused.map(String)).toEqual([expect.stringContaining('DISCORD_TOKEN')]);
    for (const error of errors)
      expect(error).toMatchObject({ name: 'ChatUnavailableError', retryAfterMs: 600_000 });
    expect(ledger.stateOf('n2')).toBeNull();
  });

  it('is asked with again: somebody may have put it right', async () => {
    const { platform, discord, ref, seen } = await withCard();
    discord.failNext(MESSAGES, { status: 401, code: 0, message: '401: Unauthorized' });
    await failureOf(platform.edit(ref, message('two')));

    await platform.edit(ref, message('three'));

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['three']);
  });
});

async function withCard(settings: { breaks?: boolean } = {}) {
  const scene = await discordScene(settings);
  const platform = scene.connect();
  return { ...scene, platform, ref: await platform.post(TO, message('one')) };
}

/** Says nothing to anybody, or always the same. */
async function muteServer(page: string | null = null): Promise<{ url: string }> {
  const server = createServer((_request, response) => {
    if (page === null) return;
    response.setHeader('content-type', page.startsWith('<') ? 'text/html' : 'application/json');
    response.end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api` };
}

async function failureOf(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return outcome instanceof Error ? outcome : expect.fail('it did not fail');
}
