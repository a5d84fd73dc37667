import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { button } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB } from '../../fakes/slack/workspace.ts';
import { type Hearing, hearing, post } from './hearing.ts';

const PLUTO = { name: 'pluto', label: 'pluto 10.40.41.42: free' };

describe.each([{ newEnvelopeId: false }, { newEnvelopeId: true }])('what Slack delivers twice, %j', (how) => {
  it('is one command', async () => {
    const scene = await hearing();

    await scene.slack.as(ALICE).command(LAB, 'status').acknowledged;
    await redelivered(scene, how);
    await answerAll(scene);

    expect(scene.shown(ALICE)).toEqual(['answer 1']);
  });

  it('is one mention', async () => {
    const scene = await hearing();

    await scene.slack.as(ALICE).mention(LAB, 'status').acknowledged;
    await redelivered(scene, how);
    await answerAll(scene);

    expect(scene.shown(ALICE)).toEqual(['answer 1']);
  });

  it('is one press', async () => {
    const scene = await hearing();
    const card = await post(scene, { channel: LAB }, message({ text: 'card', buttons: [button('approve')] }));

    await scene.slack.as(BOB).press(card, 'approve').acknowledged;
    await redelivered(scene, how);
    await scene.nextPress();

    expect(await heardInTheEnd(scene)).toBe(2);
  });

  it('opens one dialog', async () => {
    const scene = await hearing();

    scene.slack.as(ALICE).command(LAB, '');
    await expect.poll(() => scene.slack.as(ALICE).dialog()).not.toBeNull();
    await redelivered(scene, how);
    await heardInTheEnd(scene);

    expect(scene.slack.calls().filter(({ method }) => method === 'views.open')).toHaveLength(1);
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('is one submission of a form', async () => {
    const scene = await hearing({ inbound: { suggestBoxes: async () => [PLUTO] } });
    const alice = scene.slack.as(ALICE);
    alice.command(LAB, '');
    await expect.poll(() => alice.dialog()).not.toBeNull();
    await alice.suggest('box', '');

    await alice.submit({ box: 'pluto', action: 'backup' }).acknowledged;
    await redelivered(scene, how);
    await scene.nextCommand();

    expect(await heardInTheEnd(scene)).toBe(2);
  });

  it('tells what is wrong with a form each time', async () => {
    const scene = await hearing({ inbound: { suggestBoxes: async () => [PLUTO] } });
    const alice = scene.slack.as(ALICE);
    alice.command(LAB, '');
    await expect.poll(() => alice.dialog()).not.toBeNull();
    await alice.suggest('box', '');

    const first = await alice.submit({ box: 'pluto', action: 'backup', disks: '!' }).acknowledged;
    const second = await scene.slack.redeliver(how).acknowledged;

    expect(first).toMatchObject({ response_action: 'errors' });
    expect(second).toEqual(first);
  });

  it('is one reading of the Home tab', async () => {
    const scene = await hearing();

    await scene.slack.as(ALICE).openHome().acknowledged;
    await expect.poll(() => scene.slack.as(ALICE).home()).not.toBeNull();
    await redelivered(scene, how);
    await heardInTheEnd(scene);

    expect(scene.slack.calls().filter(({ method }) => method === 'views.publish')).toHaveLength(1);
  });
});

describe('the same words twice', () => {
  it('are two commands', async () => {
    const scene = await hearing();

    scene.slack.as(ALICE).command(LAB, 'status');
    scene.slack.as(ALICE).command(LAB, 'status');
    await scene.nextCommand();
    await scene.nextCommand();

    expect(scene.heard()).toBe(2);
  });
});

describe('a lost connection', () => {
  it('leaves a command without its acknowledgement, and answered nevertheless', async () => {
    const scene = await hearing();
    const ack = () => Promise.reject(new Error('The socket is closed.'));
    const body = { command: '/testbox', text: 'status', user_id: ALICE, channel_id: LAB, team_id: 'T1' };

    await scene.bolt.processEvent({ body: { ...body, trigger_id: '1.1' }, ack });
    await (await scene.nextCommand()).answers.answer(words('all is well'));

    expect(scene.shown(ALICE)).toEqual(['all is well']);
  });
});

/** Acknowledged too: otherwise Slack would send it once more. */
async function redelivered({ slack }: Hearing, how: { newEnvelopeId: boolean }): Promise<void> {
  expect(await slack.redeliver(how).acknowledged).toEqual({});
}

/** What was heard, once something that came later has been heard. */
async function heardInTheEnd(scene: Hearing): Promise<number> {
  await scene.slack.as(BOB).command(LAB, 'help').acknowledged;
  while ((await scene.nextCommand()).text !== 'help');
  return scene.heard();
}

/** Answers everything that came so far, numbered. */
async function answerAll(scene: Hearing): Promise<void> {
  const first = await scene.nextCommand();
  const heard = await heardInTheEnd(scene);
  await first.answers.answer(words('answer 1'));
  expect(heard).toBe(2);
}
