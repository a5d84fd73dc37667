import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import type { ChatMessage } from '../../../src/chat/platform.ts';
import { button } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/discord/guild.ts';
import type { SeenDiscordMessage } from '../../fakes/discord/types.ts';
import { cardWithThread, type Hearing, hearing, MINUTE, post, showing, sight } from './hearing.ts';

const JOB = '7k3m9q2x';

describe('a press on a public card', () => {
  it('is passed on, and answered beside the card to this person only', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, cardWith('approve'));

    const { responded } = scene.discord.as(BOB).press(card, `approve|${JOB}`);
    expect(await responded).toMatchObject({ type: 6 });
    const press = await scene.nextPress();
    await press.answers.answer(words('you may not'));

    expect(press).toMatchObject({ button: { id: 'approve', value: JOB }, channel: LAB, input: null });
    expect(press.person).toMatchObject({ user: BOB, kind: 'member' });
    expect(scene.shown(BOB)).toEqual(['card', 'you may not']);
    expect(scene.discord.as(BOB).sees().at(-1)).toMatchObject({ ephemeral: true, channelId: LAB });
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it('never replaces the card', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, cardWith('approve'));

    scene.discord.as(BOB).press(card, `approve|${JOB}`);
    const { answers } = await scene.nextPress();
    await answers.replace(null);
    await answers.replace(words('read it again'));

    expect(scene.shown(BOB)).toEqual(['card', 'read it again']);
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it("in a thread is a press in the thread's channel", async () => {
    const scene = await hearing();
    const { card } = await cardWithThread(scene, words('card'));
    const notice = await post(scene, card, cardWith('retry'));

    scene.discord.as(BOB).press(notice, `retry|${JOB}`);
    const press = await scene.nextPress();
    await press.answers.answer(words('you may not'));

    expect(press.channel).toBe(LAB);
    expect(await sight(scene, BOB, 'you may not')).toMatchObject({ ephemeral: true, threadId: card });
  });

  it('is acknowledged at once, however long the app takes', async () => {
    const scene = await hearing({ inbound: { press: () => new Promise(() => {}) } });
    const card = await post(scene, LAB, cardWith('approve'));

    const { responded } = scene.discord.as(BOB).press(card, `approve|${JOB}`);

    expect(await responded).toMatchObject({ type: 6 });
    await expect.poll(scene.heard).toBe(1);
  });

  it('has no effect when its acknowledgement came too late: the person was told so', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, cardWith('approve'));
    scene.discord.failNext('/callback', { status: 404, code: 10062, message: 'Unknown interaction' });

    scene.discord.as(BOB).press(card, `approve|${JOB}`);
    await expect
      .poll(() => scene.log.map((entry) => entry.message))
      .toContain('an acknowledgement came too late: nothing was done');
    scene.discord.as(BOB).press(card, `approve|${JOB}`);
    await scene.nextPress();

    expect(scene.heard()).toBe(1);
  });

  it('of somebody whom this Testbox does not obey has no effect, and they hear why', async () => {
    const scene = await hearing({ guild: '1100000000000000009' });
    const card = await post(scene, LAB, cardWith('approve'));

    scene.discord.as(MALLORY).press(card, `approve|${JOB}`);

    expect(await sight(scene, MALLORY, 'another server')).toMatchObject({ ephemeral: true });
    expect(scene.heard()).toBe(0);
    expect(scene.shown(BOB)).toEqual(['card']);
  });

  it('that the app fails at is told to the person', async () => {
    const scene = await hearing({ inbound: { press: () => Promise.reject(new Error('broken')) } });
    const card = await post(scene, LAB, cardWith('approve'));

    scene.discord.as(BOB).press(card, `approve|${JOB}`);

    expect(await sight(scene, BOB, 'Something went wrong')).toMatchObject({ ephemeral: true });
  });

  it('is answered by direct message when the right to answer has ended', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, cardWith('approve'));
    scene.discord.as(BOB).press(card, `approve|${JOB}`);
    const { answers } = await scene.nextPress();

    scene.clock.advance(16 * MINUTE);
    await answers.answer(words('it took a while'));

    expect(await sight(scene, BOB, 'it took a while')).toMatchObject({ ephemeral: false });
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it('on a button of another version says that it is not known any more', async () => {
    const scene = await hearing();
    const body = { content: 'old card', components: [{ type: 1, components: [OLD_BUTTON] }] };
    await scene.client.rest.post(`/channels/${LAB}/messages`, { body });
    const card = await sight(scene, BOB, 'old card');

    scene.discord.as(BOB).press(card.id, 'approve:7k3m9q2x');

    expect(await sight(scene, BOB, 'not known here')).toMatchObject({ ephemeral: true });
    expect(scene.heard()).toBe(0);
  });
});

describe('a press on a private answer', () => {
  it('replaces the answer, and removes it', async () => {
    const scene = await answering(cardWith('confirm'));
    const plan = await sight(scene, ALICE, 'card');

    press(scene, plan, 'confirm');
    await (await scene.nextPress()).answers.replace({ ...cardWith('dismiss'), text: 'sure?' });
    const replaced = scene.shown(ALICE);
    press(scene, await sight(scene, ALICE, 'sure?'), 'dismiss');
    await (await scene.nextPress()).answers.replace(null);

    expect(replaced).toEqual(['sure?']);
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('answers beside it without replacing it', async () => {
    const scene = await answering(cardWith('confirm'));

    press(scene, await sight(scene, ALICE, 'card'), 'confirm');
    await (await scene.nextPress()).answers.answer(words('busy'));

    expect(scene.shown(ALICE)).toEqual(['card', 'busy']);
  });

  it('is answered anew when it can not be replaced; what can not be removed stays', async () => {
    const scene = await answering(cardWith('confirm'));
    press(scene, await sight(scene, ALICE, 'card'), 'confirm');
    const { answers } = await scene.nextPress();

    scene.discord.failNext('/messages/@original', { status: 404, code: 10008, message: 'Unknown Message' });
    await answers.replace(words('a new plan'));
    scene.discord.failNext('/messages/@original', { status: 404, code: 10008, message: 'Unknown Message' });
    await answers.replace(null);

    expect(scene.shown(ALICE)).toEqual(['card', 'a new plan']);
  });
});

describe('a press on a direct message of the bot', () => {
  it('has no effect, for Discord does not say there who has which role', async () => {
    const scene = await hearing();
    const opened = await scene.client.users.createDM(ALICE);
    const told = await post(scene, opened.id, cardWith('confirm'));

    scene.discord.as(ALICE).press(told, `confirm|${JOB}`);

    expect((await sight(scene, ALICE, 'direct messages')).text).toContain('in a channel of your server');
    expect(scene.heard()).toBe(0);
  });
});

const OLD_BUTTON = { type: 2, style: 1, label: 'Approve', custom_id: 'approve:7k3m9q2x' };

function cardWith(...ids: readonly string[]): ChatMessage {
  return message({ text: 'card', buttons: ids.map((id) => button(id, JOB)) });
}

/** Alice's command is answered with this. */
async function answering(shows: ChatMessage): Promise<Hearing> {
  const scene = await hearing({ inbound: { command: ({ answers }) => answers.answer(shows) } });
  scene.discord.as(ALICE).command(LAB, 'restore', { box: 'pluto' });
  await showing(scene, ALICE, [shows.text]);
  return scene;
}

function press(scene: Hearing, { id }: SeenDiscordMessage, on: string): void {
  scene.discord.as(ALICE).press(id, `${on}|${JOB}`);
}
