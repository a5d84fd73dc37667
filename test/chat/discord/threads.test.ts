import { describe, expect, it } from 'vitest';
import { MessageGoneError } from '../../../src/chat/platform.ts';
import { message } from '../../contracts/chat-platform.ts';
import { ALICE, APPROVERS, BOB, BOT_PERMISSIONS, LAB } from '../../fakes/discord/guild.ts';
import type { SeenDiscordMessage } from '../../fakes/discord/types.ts';
import { type DiscordScene, discordScene, wordsOf } from './discord-fixture.ts';

const MESSAGES = `/channels/${LAB}/messages`;

describe("a card's thread", () => {
  it('is started at the first post, called by what the job is, not by how it stands', async () => {
    const { tell, calls, thread, discord } = await withCard();

    await tell('t1', 'approved');
    await tell('t2', 'rebooting');

    expect(calls('/threads')).toEqual(['201']);
    expect(thread()).toEqual(['approved', 'rebooting']);
    const [card] = discord.as(ALICE).sees();
    expect(card?.raw.thread).toMatchObject({ name: 'Backup pluto' });
  });

  it('has a name of 100 characters at most', async () => {
    const { connect, discord } = await discordScene();
    const platform = connect();
    const title = `Backup ${'🛰'.repeat(120)}`;
    const card = await platform.post({ channel: LAB, nonce: 'n1' }, message('card', { title }));

    await platform.postInThread({ card, nonce: 't1', broadcast: false }, message('approved'));

    expect(nameOf(discord.as(ALICE).sees()[0])).toMatch(/^Backup 🛰+…$/u);
  });

  it('is used by a bot that was started anew', async () => {
    const { connect, card, calls, thread, tell } = await withCard();
    await tell('t1', 'approved');

    await connect().postInThread({ card, nonce: 't2', broadcast: false }, message('rebooting'));

    expect(calls('/threads')).toEqual(['201', '400 160004']);
    expect(thread()).toEqual(['approved', 'rebooting']);
  });

  it('comes out of the archive with the next post', async () => {
    const { tell, thread, discord, id } = await withCard();
    await tell('t1', 'approved');
    discord.archiveThread(id, { locked: false });

    await tell('t2', 'rebooting');

    expect(thread()).toEqual(['approved', 'rebooting']);
  });

  it.each([
    [
      'is locked',
      (discord: DiscordScene['discord'], id: string) => discord.archiveThread(id, { locked: true }),
    ],
    ['was deleted', (discord: DiscordScene['discord'], id: string) => discord.deleteChannel(id)],
  ])('that %s leaves no job silent', async (_what, spoil) => {
    const { tell, discord, id, seen } = await withCard();
    await tell('t1', 'approved');
    spoil(discord, id);

    await tell('t2', 'failed', true);
    await tell('t2', 'failed', true);

    const shown = seen(ALICE).filter((one) => wordsOf(one) === 'failed');
    expect(shown).toHaveLength(shown.some(({ threadId }) => threadId === id) ? 2 : 1);
    expect(shown.at(-1)).toMatchObject({ channelId: LAB, raw: { message_reference: { message_id: id } } });
  });

  it('that is locked is told of in the log', async () => {
    const { tell, discord, id, warnings } = await withCard();
    await tell('t1', 'approved');
    discord.archiveThread(id, { locked: true });

    await tell('t2', 'failed');

    expect(warnings.map(({ message }) => message)).toEqual([
      'the thread of a card is locked or gone; its channel is told instead',
    ]);
  });

  it('that is locked is not told the same twice by the next bot', async () => {
    const { tell, discord, id, seen, ledger, connect, card, clock } = await withCard();
    await tell('t1', 'approved');
    discord.archiveThread(id, { locked: true });
    ledger.dieBefore('posted');
    await expect(tell('t2', 'failed')).rejects.toThrow('killed');
    clock.advance(20 * 60_000);

    await connect().postInThread({ card, nonce: 't2', broadcast: false }, message('failed'));

    expect(seen(ALICE).filter((one) => wordsOf(one) === 'failed')).toHaveLength(1);
  });

  it('outlives its card', async () => {
    const { tell, thread, discord, id } = await withCard();
    await tell('t1', 'approved');
    discord.deleteMessage(id);

    await tell('t2', 'failed');

    expect(thread()).toEqual(['approved', 'failed']);
  });

  it('is gone with a card that was deleted before', async () => {
    const { tell, discord, id, ledger } = await withCard();
    discord.deleteMessage(id);

    await expect(tell('t1', 'approved')).rejects.toThrow(MessageGoneError);

    expect(ledger.stateOf('t1')).toBeNull();
  });

  it('that the bot may not start says what its role needs', async () => {
    const permissions = BOT_PERMISSIONS.filter((name) => name !== 'CreatePublicThreads');
    const { connect } = await discordScene({ permissions });
    const platform = connect();
    const card = await platform.post({ channel: LAB, nonce: 'n1' }, message('card'));

    const told = platform.postInThread({ card, nonce: 't1', broadcast: false }, message('approved'));

    await expect(told).rejects.toThrow(/50013.*Create Public Threads/);
  });
});

describe('what is broadcast', () => {
  it('stands in the channel as a short answer to the card, with the way into the thread', async () => {
    const { platform, card, id, channel, thread } = await withCard();
    const long = message('failed: disk 0 is broken', { lines: ['line 1', 'line 2'] });

    await platform.postInThread({ card, nonce: 't1', broadcast: true }, long);

    expect(thread()).toEqual(['failed: disk 0 is broken\nline 1\nline 2']);
    expect(channel().map(({ text }) => text)).toEqual([`failed: disk 0 is broken\n<#${id}>`]);
    expect(channel()[0]?.raw).toMatchObject({ message_reference: { message_id: id } });
  });

  it('is broadcast by the next bot when the first one was killed in between', async () => {
    const { connect, tell, card, channel, thread, discord } = await withCard();
    await tell('t1', 'approved');
    discord.loseNextAnswer(MESSAGES);
    await expect(tell('t2', 'failed', true)).rejects.toThrow("can't be reached");

    await connect().postInThread({ card, nonce: 't2', broadcast: true }, message('failed'));

    expect(thread()).toEqual(['approved', 'failed']);
    expect(channel()).toHaveLength(1);
  });

  it('calls people once', async () => {
    const { platform, card, seen } = await withCard();
    const mentions = [
      { platform: 'discord', user: BOB },
      { platform: 'discord', group: APPROVERS },
    ] as const;

    await platform.postInThread(
      { card, nonce: 't1', broadcast: true },
      message(`<@${ALICE}> asks @everyone`, { mentions }),
    );

    expect(seen(BOB).flatMap(({ notified }) => notified)).toEqual([BOB, APPROVERS]);
  });
});

async function withCard() {
  const scene = await discordScene();
  const platform = scene.connect();
  const card = await platform.post(
    { channel: LAB, nonce: 'n1' },
    message('card', { title: '✋ Backup pluto: waits for approval' }),
  );
  const id = card.split(':')[1] ?? '';
  const { seen, discord } = scene;
  return {
    ...{ ...scene, platform, card, id },
    tell: (nonce: string, text: string, broadcast = false) =>
      platform.postInThread({ card, nonce, broadcast }, message(text)),
    thread: () => seen(ALICE).flatMap(({ threadId, text }) => (threadId === id ? [text] : [])),
    /** What stands in the channel beside the card. */
    channel: () => seen(ALICE).filter((one) => one.threadId === null && one.id !== id),
    calls: (path: string) =>
      discord
        .calls()
        .flatMap((call) =>
          call.path.endsWith(path) ? [`${call.status} ${call.code === 0 ? '' : call.code}`.trim()] : [],
        ),
  };
}

function nameOf(card: SeenDiscordMessage | undefined): unknown {
  return Reflect.get(Object(card?.raw.thread), 'name');
}
