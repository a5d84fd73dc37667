import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { button } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB } from '../../fakes/slack/workspace.ts';
import { buttonsOf, hearing, post, sight } from './hearing.ts';

const JOB = '7k3m9q2x';

describe('deny', () => {
  it('asks for a reason, and has its effect with it', async () => {
    const objected: unknown[] = [];
    const objection = async (press: object) => {
      objected.push(press);
      return null;
    };
    const scene = await hearing({ inbound: { objection } });
    const card = await post(scene, { channel: LAB }, cardWith('deny'));
    const bob = scene.slack.as(BOB);

    bob.press(card, 'deny');
    await expect.poll(() => bob.dialog()).toMatchObject({ callback_id: 'reason-form' });
    const before = scene.heard();
    expect(await bob.submit({ reason: ' not today\n' }).acknowledged).toEqual({});
    const press = await scene.nextPress();
    await press.answers.answer(words('too late'));

    expect(before).toBe(0);
    expect(objected).toEqual([{ person: press.person, button: { id: 'deny', value: JOB } }]);
    expect(press).toMatchObject({ button: { id: 'deny', value: JOB }, channel: LAB, input: 'not today' });
    expect(bob.dialog()).toBeNull();
    expect(scene.shown(BOB)).toEqual(['card', 'too late']);
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it.each(['', '  '])('takes %j for no reason', async (reason) => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('deny'));
    const bob = scene.slack.as(BOB);

    bob.press(card, 'deny');
    await expect.poll(() => bob.dialog()).not.toBeNull();
    bob.submit(reason === '' ? {} : { reason });

    expect((await scene.nextPress()).input).toBeNull();
  });

  it('opens no dialog for somebody whose press can have no effect', async () => {
    const scene = await hearing({ inbound: { objection: async () => words('you may not') } });
    const card = await post(scene, { channel: LAB }, cardWith('deny'));

    scene.slack.as(BOB).press(card, 'deny');
    const told = await sight(scene, BOB, 'you may not');

    expect(told.ephemeral).toBe(true);
    expect(scene.slack.as(BOB).dialog()).toBeNull();
    expect(scene.slack.calls().map(({ method }) => method)).not.toContain('views.open');
  });

  it('that is closed without a submission has no effect', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('deny', 'approve'));
    const bob = scene.slack.as(BOB);

    bob.press(card, 'deny');
    await expect.poll(() => bob.dialog()).not.toBeNull();
    bob.closeDialog();
    bob.press(card, 'approve');

    expect((await scene.nextPress()).button.id).toBe('approve');
    expect(scene.heard()).toBe(1);
  });

  it('can be pressed again when the dialog comes too late', async () => {
    const objection = async () => {
      if (late) scene.clock.advance(3_001);
      late = false;
      return null;
    };
    let late = true;
    const scene = await hearing({ inbound: { objection } });
    const card = await post(scene, { channel: LAB }, cardWith('deny'));
    const bob = scene.slack.as(BOB);

    bob.press(card, 'deny');
    const offer = await sight(scene, BOB, 'press again');
    bob.press(offer, 'deny');
    await expect.poll(() => bob.dialog()).not.toBeNull();
    bob.submit({ reason: 'no' });

    expect(buttonsOf(offer)).toEqual([{ id: 'deny', value: JOB }]);
    expect(await scene.nextPress()).toMatchObject({ button: { id: 'deny', value: JOB }, input: 'no' });
  });

  it('is answered though the dialog stood open for longer than the response URL lives', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, cardWith('deny'));
    const bob = scene.slack.as(BOB);
    bob.press(card, 'deny');
    await expect.poll(() => bob.dialog()).not.toBeNull();

    scene.clock.advance(31 * 60_000);
    bob.submit({ reason: 'no' });
    await (await scene.nextPress()).answers.answer(words('too late'));

    expect(scene.shown(BOB)).toEqual(['card', 'too late']);
  });

  it('of a dialog from another version says that it is not known any more', async () => {
    const scene = await hearing();
    const view = { callback_id: 'reason-form', private_metadata: '{"v":0}', state: { values: {} } };
    const body = { type: 'view_submission', team: { id: 'T1' }, user: { id: BOB }, trigger_id: '1.1', view };

    await scene.bolt.processEvent({ body, ack: async () => {} });

    expect(await sight(scene, BOB, 'not known here any more')).toMatchObject({ channel: 'DBOB' });
    expect(scene.heard()).toBe(0);
  });
});

function cardWith(...ids: readonly string[]) {
  return message({ text: 'card', buttons: ids.map((id) => button(id, JOB)) });
}
