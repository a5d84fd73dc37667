import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/slack/workspace.ts';
import { buttonsOf, FORM, type Hearing, hearing, post, sight } from './hearing.ts';

describe('@testbox', () => {
  it('is a command in the channel', async () => {
    const scene = await hearing();

    await scene.slack.as(ALICE).mention(LAB, 'restore pluto').acknowledged;
    const command = await scene.nextCommand();
    await command.answers.answer(words('the plan'));

    expect(command).toMatchObject({ text: 'restore pluto', channel: LAB, thread: null });
    expect(command.person).toMatchObject({ user: ALICE, displayName: 'Alice' });
    expect(scene.slack.as(ALICE).sees().at(-1)).toMatchObject({
      text: 'the plan',
      ephemeral: true,
      threadTs: null,
    });
    expect(scene.shown(BOB)).toEqual([]);
  });

  it('names the card in whose thread it is, and is answered there', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, words('card'));

    scene.slack.as(ALICE).mention(LAB, 'status', card.ts);
    const command = await scene.nextCommand();
    await command.answers.answer(words('all is well'));

    expect(command.thread).toBe(`${LAB}:${card.ts}`);
    expect(scene.slack.as(ALICE).sees().at(-1)).toMatchObject({
      text: 'all is well',
      ephemeral: true,
      threadTs: card.ts,
    });
  });

  it.each([
    ['<@UBOT> restore pluto', 'restore pluto'],
    ['<@UBOT|testbox> restore pluto', 'restore pluto'],
    ['<@UBOT>: restore pluto', 'restore pluto'],
    [' \u200b<@UBOT>, <@UBOT> restore pluto', 'restore pluto'],
    ['*<@UBOT> restore pluto*', 'restore pluto'],
    ['<@UBOT>\u00a0restore <http://pluto.lab|pluto.lab>', 'restore pluto.lab'],
    ['<@UBOT> lock pluto for <@UBOB>', 'lock pluto for @Bob'],
    ['<@UBOB> restore pluto <@UBOT>', '@Bob restore pluto @UBOT'],
  ])('leaves %j to the app as %j', async (text, left) => {
    const scene = await hearing();

    await delivered(scene, { text });

    expect((await scene.nextCommand()).text).toBe(left);
  });

  it('is understood though Slack has not told yet who the bot is', async () => {
    const scene = await hearing();
    scene.bolt.use(async ({ context, next }) => {
      delete context.botUserId;
      await next();
    });

    await delivered(scene, { text: '<@UBOT> lock pluto for <@UBOB>' });

    expect((await scene.nextCommand()).text).toBe('lock pluto for @Bob');
  });

  it.each(['thread_broadcast', 'file_share'])('is heard from a person in a %s', async (subtype) => {
    const scene = await hearing();

    await delivered(scene, { text: '<@UBOT> status', subtype });

    expect((await scene.nextCommand()).text).toBe('status');
  });

  it.each([
    ['a bot', { bot_id: 'B1' }],
    ['an integration', { subtype: 'bot_message' }],
    ['an edit', { edited: { user: ALICE, ts: '1.2' } }],
    ['a changed message', { subtype: 'message_changed' }],
    ['nobody', { user: undefined }],
    ['ourselves', { user: 'UBOT' }],
  ])('is not heard from %s', async (_who, more) => {
    const scene = await hearing();

    await delivered(scene, { text: '<@UBOT> status', ...more });
    await delivered(scene, { text: '<@UBOT> help' });

    expect((await scene.nextCommand()).text).toBe('help');
    expect(scene.heard()).toBe(1);
  });

  it('is acknowledged at once, however long the app takes', async () => {
    const scene = await hearing({ inbound: { command: () => new Promise(() => {}) } });

    const delivery = scene.slack.as(ALICE).mention(LAB, 'status');

    expect(await delivery.acknowledged).toEqual({});
    await expect.poll(scene.heard).toBe(1);
  });

  it('is answered by a direct message where the bot may not post', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).mention(LAB, 'status');
    const { answers } = await scene.nextCommand();
    scene.slack.setChannel(LAB, { isArchived: true });

    await answers.answer(words('all is well'));

    expect(scene.slack.as(ALICE).sees().at(-1)).toMatchObject({ channel: 'DALICE', text: 'all is well' });
  });

  it('hears why somebody of another workspace is refused', async () => {
    const scene = await hearing();
    scene.slack.setUser(MALLORY, { team: 'T2' });

    scene.slack.as(MALLORY).mention(LAB, 'restore pluto');

    expect(await sight(scene, MALLORY, 'another workspace')).toMatchObject({ ephemeral: true });
    expect(scene.heard()).toBe(0);
  });
});

describe('@testbox without words', () => {
  it('offers the form in the thread, which starts from the box of its card', async () => {
    const threads: (string | null)[] = [];
    const scene = await hearing({
      inbound: {
        form: async (_person, thread) => {
          threads.push(thread);
          return { ...FORM, box: { name: 'pluto', label: 'pluto 10.40.41.42: free' } };
        },
      },
    });
    const card = await post(scene, { channel: LAB }, words('card'));
    const alice = scene.slack.as(ALICE);

    alice.mention(LAB, ' ', card.ts);
    const offer = await sight(scene, ALICE, 'What shall be done?');
    alice.press(offer, 'open-form');
    await expect.poll(() => alice.dialog()).not.toBeNull();
    await alice.submit({ action: 'restore' }).acknowledged;
    const command = await scene.nextCommand();
    await command.answers.answer(message({ text: 'the plan' }));

    expect(offer).toMatchObject({ ephemeral: true, threadTs: card.ts });
    expect(threads).toEqual([`${LAB}:${card.ts}`]);
    expect(command).toMatchObject({ text: 'restore pluto', channel: LAB, thread: `${LAB}:${card.ts}` });
    expect(alice.sees().at(-1)).toMatchObject({ text: 'the plan', ephemeral: true, threadTs: card.ts });
  });

  it('offers the form in the channel, for any box', async () => {
    const scene = await hearing();

    scene.slack.as(ALICE).mention(LAB, '');
    const offer = await sight(scene, ALICE, 'What shall be done?');

    expect(buttonsOf(offer)).toEqual([{ id: 'open-form', value: '' }]);
    expect(scene.shown(BOB)).toEqual([]);
  });
});

let events = 0;

/** Something that people can't type in a client, but Slack may deliver. */
async function delivered({ bolt }: Hearing, more: Record<string, unknown>): Promise<void> {
  events += 1;
  const event = { type: 'app_mention', user: ALICE, channel: LAB, ts: `1700000000.00000${events}`, ...more };
  const body = { type: 'event_callback', team_id: 'T1', event_id: `Ev${events}`, event };
  await bolt.processEvent({ body, ack: async () => {} });
}
