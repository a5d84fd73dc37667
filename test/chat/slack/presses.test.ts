import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { button } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/slack/workspace.ts';
import { type Hearing, hearing, post, sight } from './hearing.ts';

const JOB = '7k3m9q2x';

describe('a press on a public card', () => {
  it('is passed on, and answered beside the card to this person only', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('approve'));

    await scene.slack.as(BOB).press(card, 'approve').acknowledged;
    const press = await scene.nextPress();
    await press.answers.answer(words('you may not'));

    expect(press).toMatchObject({ button: { id: 'approve', value: JOB }, channel: LAB, input: null });
    expect(press.person).toMatchObject({ user: BOB, kind: 'member' });
    expect(scene.shown(BOB)).toEqual(['card', 'you may not']);
    expect(scene.slack.as(BOB).sees().at(-1)).toMatchObject({ ephemeral: true, threadTs: null });
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it('never replaces the card', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('approve'));

    scene.slack.as(BOB).press(card, 'approve');
    const { answers } = await scene.nextPress();
    await answers.replace(null);
    await answers.replace(words('read it again'));

    expect(scene.shown(BOB)).toEqual(['card', 'read it again']);
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it('is answered in the thread when the message is in one', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, words('card'));
    const notice = await post(scene, { channel: LAB, threadTs: card.ts }, cardWith('retry'));

    scene.slack.as(BOB).press(notice, 'retry');
    await (await scene.nextPress()).answers.answer(words('you may not'));

    expect(scene.slack.as(BOB).sees().at(-1)).toMatchObject({ ephemeral: true, threadTs: card.ts });
    // Slack may show it in the channel when it comes by the response URL.
    expect(scene.slack.calls().at(-1)?.method).toBe('chat.postEphemeral');
  });

  it('is answered in the channel when the card has a thread', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('approve'));
    await post(scene, { channel: LAB, threadTs: card.ts }, words('notice'));

    scene.slack.as(BOB).press(card, 'approve');
    await (await scene.nextPress()).answers.answer(words('you may not'));

    expect(scene.slack.as(BOB).sees().at(-1)).toMatchObject({ text: 'you may not', threadTs: null });
  });

  it('is acknowledged at once, however long the app takes', async () => {
    const scene = await hearing({ inbound: { press: () => new Promise(() => {}) } });
    const card = await post(scene, { channel: LAB }, cardWith('approve'));

    const delivery = scene.slack.as(BOB).press(card, 'approve');

    expect(await delivery.acknowledged).toEqual({});
    await expect.poll(scene.heard).toBe(1);
  });

  it('of somebody from another workspace has no effect, and they hear why', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('approve'));
    scene.slack.setUser(MALLORY, { isStranger: true });

    scene.slack.as(MALLORY).press(card, 'approve');
    await sight(scene, MALLORY, 'another workspace');

    expect(scene.heard()).toBe(0);
    expect(scene.shown(BOB)).toEqual(['card']);
  });

  it('that the app fails at is told to the person', async () => {
    const scene = await hearing({ inbound: { press: () => Promise.reject(new Error('broken')) } });
    const card = await post(scene, { channel: LAB }, cardWith('approve'));

    scene.slack.as(BOB).press(card, 'approve');

    expect(await sight(scene, BOB, 'Something went wrong')).toMatchObject({ ephemeral: true });
  });
});

describe('a press on a private answer', () => {
  it('replaces the answer, and removes it', async () => {
    const scene = await hearing();
    const plan = await answered(scene, cardWith('confirm'));

    scene.slack.as(ALICE).press(plan, 'confirm');
    await (await scene.nextPress()).answers.replace({ ...cardWith('dismiss'), text: 'sure?' });
    const replaced = scene.shown(ALICE);
    scene.slack.as(ALICE).press(plan, 'dismiss');
    await (await scene.nextPress()).answers.replace(null);

    expect(replaced).toEqual(['sure?']);
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('answers beside it without replacing it', async () => {
    const scene = await hearing();
    const plan = await answered(scene, cardWith('confirm'));

    scene.slack.as(ALICE).press(plan, 'confirm');
    await (await scene.nextPress()).answers.answer(words('busy'));

    expect(scene.shown(ALICE)).toEqual(['card', 'busy']);
  });

  it('replaces it in a thread', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, words('card'));
    scene.slack.as(ALICE).mention(LAB, 'restore', card.ts);
    await (await scene.nextCommand()).answers.answer({ ...cardWith('confirm'), text: 'the plan' });

    scene.slack.as(ALICE).press(await sight(scene, ALICE, 'the plan'), 'confirm');
    await (await scene.nextPress()).answers.replace(words('a new plan'));

    expect(scene.shown(ALICE)).toEqual(['card', 'a new plan']);
    expect(scene.slack.as(ALICE).sees().at(-1)).toMatchObject({ ephemeral: true, threadTs: card.ts });
  });

  it('is answered anew when the response URL fails; what can not be removed stays', async () => {
    const scene = await hearing();
    const plan = await answered(scene, cardWith('confirm'));
    scene.slack.as(ALICE).press(plan, 'confirm');
    const { answers } = await scene.nextPress();

    scene.slack.failNext('response_url', 'expired_url');
    await answers.replace(words('a new plan'));
    scene.slack.failNext('response_url', 'expired_url');
    await answers.replace(null);

    expect(scene.shown(ALICE)).toEqual(['card', 'a new plan']);
  });
});

describe('a press on a direct message of the bot', () => {
  it('replaces the message, and removes it', async () => {
    const scene = await hearing();
    const told = await post(scene, { channel: ALICE }, cardWith('confirm'));

    scene.slack.as(ALICE).press(told, 'confirm');
    const press = await scene.nextPress();
    await press.answers.replace({ ...cardWith('dismiss'), text: 'sure?' });
    const replaced = scene.shown(ALICE);
    scene.slack.as(ALICE).press(told, 'dismiss');
    await (await scene.nextPress()).answers.replace(null);

    expect(press.channel).toBe('DALICE');
    expect(replaced).toEqual(['sure?']);
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('replaces and removes it by other means when the response URL fails', async () => {
    const scene = await hearing();
    const told = await post(scene, { channel: ALICE }, cardWith('confirm'));
    scene.slack.as(ALICE).press(told, 'confirm');
    const { answers } = await scene.nextPress();

    scene.slack.failNext('response_url', 'used_url');
    await answers.replace(words('sure?'));
    const replaced = scene.shown(ALICE);
    scene.slack.failNext('response_url', 'used_url');
    await answers.replace(null);

    expect(replaced).toEqual(['sure?']);
    expect(scene.shown(ALICE)).toEqual([]);
  });
});

function cardWith(...ids: readonly string[]) {
  return message({ text: 'card', buttons: ids.map((id) => button(id, JOB)) });
}

/** Alice sees this as a private answer to a command. */
async function answered(scene: Hearing, shows: ReturnType<typeof message>) {
  scene.slack.as(ALICE).command(LAB, 'restore pluto');
  await (await scene.nextCommand()).answers.answer(shows);
  return sight(scene, ALICE, shows.text);
}
