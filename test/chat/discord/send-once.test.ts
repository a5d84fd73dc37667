import { REST, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { type ChatMessage, ChatUnavailableError } from '../../../src/chat/platform.ts';
import { button, message } from '../../contracts/chat-platform.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { ALICE, BOT_PERMISSIONS, LAB } from '../../fakes/discord/guild.ts';
import { type DiscordScene, discordScene, wordsOf } from './discord-fixture.ts';

const TO = { channel: LAB, nonce: 'job:card' };
const MESSAGES = `/channels/${LAB}/messages`;
const HOUR_MS = 3_600_000;
/** Longer than Discord remembers a nonce. */
const LATER_MS = 20 * 60_000;

describe('a post to Discord', () => {
  it('is not repeated by the next bot', async () => {
    const { connect, discord } = await discordScene();
    const ref = await connect().post(TO, message('card'));
    const calls = discord.calls().length;

    const again = await connect().post(TO, message('card'));

    expect(again).toBe(ref);
    expect(discord.calls()).toHaveLength(calls);
  });

  it('is sent once when it is asked for twice at once', async () => {
    const { connect, discord } = await discordScene();
    const platform = connect();

    const [one, other] = await Promise.all([
      platform.post(TO, message('card')),
      platform.post(TO, message('card')),
    ]);

    expect(one).toBe(other);
    expect(discord.calls().map(({ method }) => method)).toEqual(['POST']);
  });

  it.each([
    ['with buttons', message('card', { title: 'Backup', buttons: [button('cancel')] })],
    ['without buttons', message('card', { title: 'Backup', lines: ['all of it'] })],
    ['of plain words', message('Backing up pluto.')],
  ])('is found again by a bot that was killed before it wrote down where it is: %s', async (_what, card) => {
    const scene = await discordScene();
    const { connect, ledger, clock } = scene;
    await postAndDie(scene, card);
    clock.advance(LATER_MS);

    const ref = await connect().post(TO, card);

    expect(refsSeen(scene)).toEqual([ref]);
    expect(ledger.stateOf(TO.nonce)).toBe('posted');
  });

  it('is found when what it says has changed since', async () => {
    const scene = await discordScene();
    await postAndDie(scene, message('queued', { title: 'Backup', buttons: [button('cancel')] }));
    scene.clock.advance(LATER_MS);

    const after = message('running', { title: 'Backup of pluto', buttons: [button('cancel')] });
    const ref = await scene.connect().post(TO, after);

    expect(refsSeen(scene)).toEqual([ref]);
  });

  it('is found among all that was said about then, however many pages that is', async () => {
    const scene = await discordScene();
    const { connect, discord, seen, clock } = scene;
    const { apiUrl: api, token } = discord;
    const somebodyElse = new REST({ api, globalRequestsPerSecond: 1_000 }).setToken(token);
    for (let at = 0; at < 230; at += 1)
      await somebodyElse.post(Routes.channelMessages(LAB), { body: { content: `more ${at}` } });
    await postAndDie(scene, message('card', { title: 'Backup' }));
    clock.advance(LATER_MS);

    await connect().post(TO, message('card', { title: 'Backup' }));

    expect(seen(ALICE).filter(({ text }) => text.startsWith('Backup'))).toHaveLength(1);
    expect(callsOf(discord, 'GET', MESSAGES)).toBe(3);
  });

  it('is told from another one that looks the same', async () => {
    const scene = await discordScene();
    const { connect, ledger, clock } = scene;
    const twin = await connect().post({ channel: LAB, nonce: 'other:card' }, message('card', { title: 'A' }));
    ledger.dieBefore('posted');
    await expect(connect().post(TO, message('card', { title: 'A' }))).rejects.toThrow('killed');
    clock.advance(LATER_MS);

    const ref = await connect().post(TO, message('card', { title: 'A' }));

    expect(ref).not.toBe(twin);
    expect(refsSeen(scene)).toEqual([twin, ref]);
  });

  it('is found in its thread', async () => {
    const { connect, ledger, discord, seen, clock } = await discordScene();
    const platform = connect();
    const thread = { card: await platform.post(TO, message('card')), nonce: 'job:done', broadcast: false };
    ledger.dieBefore('posted');
    await expect(platform.postInThread(thread, message('done'))).rejects.toThrow('killed');
    clock.advance(LATER_MS);

    await connect().postInThread(thread, message('done'));

    expect(seen(ALICE).map(wordsOf)).toEqual(['card', 'done']);
    expect(callsOf(discord, 'POST', '/threads')).toBe(1);
  });

  it('is found in a direct message', async () => {
    const { connect, ledger, seen, clock } = await discordScene();
    const to = { user: ALICE, nonce: 'p1' };
    ledger.dieBefore('posted');
    await expect(connect().tellPerson(to, message('approve?'))).rejects.toThrow('killed');
    clock.advance(LATER_MS);

    await connect().tellPerson(to, message('approve?'));

    expect(seen(ALICE).map(wordsOf)).toEqual(['approve?']);
  });

  it.each([
    ['a lab put it an hour forward', HOUR_MS, HOUR_MS],
    ['a lab put it an hour back', -HOUR_MS, -HOUR_MS],
    ['the next bot starts without the shift that the first one had', HOUR_MS, 0],
  ])("is found when the bot's clock is not Discord's: %s", async (_what, first, second) => {
    const { connect, ledger, seen, clock } = await discordScene();
    const began = clock.now();
    const at = (shift: number) => ({ clock: new FakeClock(clock.now() + shift) });
    ledger.dieBefore('posted');
    await expect(connect(at(first)).post(TO, message('card'))).rejects.toThrow('killed');
    clock.advance(LATER_MS);

    await connect({ clock: new FakeClock(began + second) }).post(TO, message('card'));

    expect(seen(ALICE)).toHaveLength(1);
  });

  it('is found when its answer was lost', async () => {
    const { connect, ledger, discord, seen, clock } = await discordScene();
    const platform = connect();
    discord.loseNextAnswer(MESSAGES);

    await expect(platform.post(TO, message('card'))).rejects.toThrow(ChatUnavailableError);
    const between = ledger.stateOf(TO.nonce);
    clock.advance(LATER_MS);
    await platform.post(TO, message('card'));

    expect(between).toBe('unknown');
    expect(seen(ALICE)).toHaveLength(1);
  });

  it('is not there twice when Discord does not let the bot look, and remembers the nonce', async () => {
    const without = BOT_PERMISSIONS.filter((permission) => permission !== 'ReadMessageHistory');
    const scene = await discordScene({ permissions: without });
    await postAndDie(scene, message('card'));

    const ref = await scene.connect().post(TO, message('card'));

    expect(refsSeen(scene)).toEqual([ref]);
  });

  it('may be there when Discord fails', async () => {
    const { connect, ledger, discord } = await discordScene();
    discord.failNext(MESSAGES, { status: 502, code: 0, message: 'Bad Gateway' });

    await expect(connect().post(TO, message('card'))).rejects.toThrow(ChatUnavailableError);

    expect(ledger.stateOf(TO.nonce)).toBe('unknown');
  });

  it.each([
    [
      'refuses it',
      (discord: DiscordScene['discord']) =>
        discord.failNext(MESSAGES, { status: 403, code: 50001, message: 'Missing Access' }),
    ],
    [
      'wants a pause',
      (discord: DiscordScene['discord']) => discord.storm(MESSAGES, { retryAfterSeconds: 30, forMs: 1_000 }),
    ],
    ["isn't there", (discord: DiscordScene['discord']) => discord.setDown(true)],
  ])('is surely not there when Discord %s', async (_what, spoil) => {
    const { connect, ledger, discord } = await discordScene();
    await spoil(discord);

    await expect(connect().post(TO, message('card'))).rejects.toThrow();

    expect(ledger.stateOf(TO.nonce)).toBeNull();
  });

  it('waits when Discord can not be asked whether it is there', async () => {
    const scene = await discordScene();
    const { connect, ledger, discord, seen } = scene;
    await postAndDie(scene, message('card'));
    discord.failNext(MESSAGES, { status: 500, code: 0, message: 'Internal Server Error' });

    await expect(connect().post(TO, message('card'))).rejects.toThrow(ChatUnavailableError);

    expect(ledger.stateOf(TO.nonce)).toBe('unknown');
    expect(seen(ALICE)).toHaveLength(1);
  });
});

describe('edits on Discord', () => {
  it('that change nothing are not sent, also right after the post', async () => {
    const { connect, discord, seen } = await discordScene();
    const platform = connect();
    const ref = await platform.post(TO, message('one'));

    for (const text of ['one', 'two', 'two']) await platform.edit(ref, message(text));

    expect(seen(ALICE).map(wordsOf)).toEqual(['two']);
    expect(discord.calls().map(({ method }) => method)).toEqual(['POST', 'PATCH']);
  });

  it('take away what the message had: buttons, form, and the mark', async () => {
    const { connect, seen } = await discordScene();
    const platform = connect();
    const ref = await platform.post(TO, message('one', { title: 'Backup', buttons: [button('cancel')] }));

    await platform.edit(ref, message('two'));

    expect(seen(ALICE)).toMatchObject([{ text: 'two', buttons: [], raw: { embeds: [], components: [] } }]);
  });
});

async function postAndDie({ connect, ledger }: DiscordScene, card: ChatMessage): Promise<void> {
  ledger.dieBefore('posted');
  await expect(connect().post(TO, card)).rejects.toThrow('killed');
}

function refsSeen({ seen }: DiscordScene): string[] {
  return seen(ALICE).map(({ channelId, id }) => `${channelId}:${id}`);
}

function callsOf(discord: DiscordScene['discord'], method: string, path: string): number {
  return discord.calls().filter((call) => call.method === method && call.path.endsWith(path)).length;
}
