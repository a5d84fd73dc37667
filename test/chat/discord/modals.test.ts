import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { button } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB } from '../../fakes/discord/guild.ts';
import { type Hearing, hearing, MINUTE, post, sight } from './hearing.ts';

const JOB = '7k3m9q2x';
const DENY = `deny|${JOB}`;

describe('deny', () => {
  it('asks for a reason, and has its effect with it', async () => {
    const objected: unknown[] = [];
    const objection = async (press: object) => {
      objected.push(press);
      return null;
    };
    const scene = await hearing({ inbound: { objection } });
    await openedModal(scene);
    const bob = scene.discord.as(BOB);

    const before = scene.heard();
    expect(await bob.submit({ reason: ' not today\n' }).responded).toMatchObject({ type: 6 });
    const press = await scene.nextPress();
    await press.answers.answer(words('too late'));

    expect(before).toBe(0);
    expect(objected).toEqual([{ person: press.person, button: { id: 'deny', value: JOB } }]);
    expect(press).toMatchObject({ button: { id: 'deny', value: JOB }, channel: LAB, input: 'not today' });
    expect(scene.shown(BOB)).toEqual(['card', 'too late']);
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it.each(['', '  '])('takes %j for no reason', async (reason) => {
    const scene = await hearing();
    await openedModal(scene);

    scene.discord.as(BOB).submit(reason === '' ? {} : { reason });

    expect((await scene.nextPress()).input).toBeNull();
  });

  it('opens no dialog for somebody whose press can have no effect', async () => {
    const scene = await hearing({ inbound: { objection: async () => words('you may not') } });
    const card = await post(scene, LAB, CARD);

    scene.discord.as(BOB).press(card, DENY);
    const told = await sight(scene, BOB, 'you may not');

    expect(told.ephemeral).toBe(true);
    expect(scene.discord.as(BOB).modal()).toBeNull();
  });

  it('opens none for somebody whom this Testbox does not obey', async () => {
    const scene = await hearing({ guild: '1100000000000000009' });
    const card = await post(scene, LAB, CARD);

    scene.discord.as(BOB).press(card, DENY);
    await sight(scene, BOB, 'another server');

    expect(scene.discord.as(BOB).modal()).toBeNull();
  });

  it('that is closed without a submission has no effect', async () => {
    const scene = await hearing();
    const card = await openedModal(scene);
    const bob = scene.discord.as(BOB);

    bob.closeModal();
    bob.press(card, `approve|${JOB}`);

    expect((await scene.nextPress()).button.id).toBe('approve');
    expect(scene.heard()).toBe(1);
  });

  it('opens its dialog in time although the app is slow to say whether it could have an effect', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const objection = () => {
      ask();
      return new Promise<null>(() => {});
    };
    const scene = await hearing({ inbound: { objection } });
    const card = await post(scene, LAB, CARD);

    const { responded } = scene.discord.as(BOB).press(card, DENY);
    await asked;
    scene.clock.advance(2_000);

    expect(await responded).toMatchObject({ type: 9, data: { custom_id: DENY } });
  });

  it('opens its dialog although the app fails to say it', async () => {
    const scene = await hearing({ inbound: { objection: () => Promise.reject(new Error('broken')) } });
    const card = await post(scene, LAB, CARD);

    const { responded } = scene.discord.as(BOB).press(card, DENY);

    expect(await responded).toMatchObject({ type: 9 });
    expect(scene.log).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it('is passed on from a dialog that stood open for longer than the click could be answered', async () => {
    const scene = await hearing();
    await openedModal(scene);

    scene.clock.advance(31 * MINUTE);
    scene.discord.as(BOB).submit({ reason: 'no' });
    await (await scene.nextPress()).answers.answer(words('too late'));

    expect(scene.shown(BOB)).toEqual(['card', 'too late']);
  });

  it('says nothing more when the dialog came too late', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, CARD);
    scene.discord.failNext('/callback', { status: 404, code: 10062, message: 'Unknown interaction' });

    scene.discord.as(BOB).press(card, DENY);
    await expect
      .poll(() => scene.log.map(({ message }) => message))
      .toContain('an acknowledgement came too late: nothing was done');

    expect(scene.shown(BOB)).toEqual(['card']);
    expect(scene.heard()).toBe(0);
  });
});

const CARD = message({ text: 'card', buttons: [button('deny', JOB), button('approve', JOB)] });

/** Bob has pressed Deny and sees the dialog; gives the card. */
async function openedModal(scene: Hearing): Promise<string> {
  const card = await post(scene, LAB, CARD);
  scene.discord.as(BOB).press(card, DENY);
  await expect
    .poll(() => scene.discord.as(BOB).modal())
    .toMatchObject({
      customId: DENY,
      fields: [{ customId: 'reason', required: false }],
    });
  return card;
}
