import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { hearing } from './hearing.ts';

const MINUTE = 60_000;

describe('answers to /testbox', () => {
  it('go beside the command by other means once its response URL is used up', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();

    for (const n of [1, 2, 3, 4, 5, 6]) await answers.answer(words(`answer ${n}`));

    expect(scene.shown(ALICE)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `answer ${n}`));
    expect(scene.slack.as(ALICE).sees().at(-1)).toMatchObject({ channel: LAB, ephemeral: true });
    expect(waysOf(scene)).toEqual([...Array(5).fill('response_url'), 'chat.postEphemeral']);
  });

  it('go beside the command by other means after half an hour', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();

    scene.clock.advance(30 * MINUTE);
    await answers.answer(words('late'));

    expect(scene.shown(ALICE)).toEqual(['late']);
    expect(waysOf(scene)).toEqual(['chat.postEphemeral']);
  });

  it.each(['expired_url', 'used_url', 'invalid_blocks'])(
    'survive a response URL that says %s',
    async (error) => {
      const scene = await hearing();
      scene.slack.as(ALICE).command(LAB, 'status');
      const { answers } = await scene.nextCommand();
      scene.slack.failNext('response_url', error);

      await answers.answer(words('the plan'));

      expect(scene.shown(ALICE)).toEqual(['the plan']);
      expect(waysOf(scene)).toEqual(['response_url', 'chat.postEphemeral']);
    },
  );

  it('survive a response URL that never answers', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();
    scene.slack.hangNext('response_url');

    const answered = answers.answer(words('the plan'));
    await expect.poll(() => waysOf(scene)).toEqual(['response_url']);
    scene.clock.advance(5_000);
    await answered;

    expect(scene.shown(ALICE)).toEqual(['the plan']);
  });

  it('come as a direct message from a channel that the bot is not in', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).command('C0SECRET', 'status');
    const { answers } = await scene.nextCommand();
    scene.clock.advance(30 * MINUTE);

    await answers.answer(words('late'));

    expect(scene.slack.as(ALICE).sees()).toMatchObject([
      { channel: 'DALICE', text: 'late', ephemeral: false },
    ]);
    expect(waysOf(scene)).toEqual(['chat.postEphemeral', 'chat.postMessage']);
  });

  it('fail to the app when there is no way at all', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();
    scene.slack.failNext('response_url', 'used_url');
    scene.slack.failNext('chat.postEphemeral', 'restricted_action');
    scene.slack.failNext('chat.postMessage', 'messages_tab_disabled');

    await expect(answers.answer(words('the plan'))).rejects.toThrow('messages_tab_disabled');
  });

  it('have nothing to replace: what should is an answer', async () => {
    const scene = await hearing();
    scene.slack.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();

    await answers.replace(message({ text: 'instead' }));
    await answers.replace(null);

    expect(scene.shown(ALICE)).toEqual(['instead']);
  });
});

/** By what the answers went out. */
function waysOf({ slack }: Awaited<ReturnType<typeof hearing>>): string[] {
  return slack
    .calls()
    .map(({ method }) => method)
    .filter((method) => method.startsWith('chat.') || method === 'response_url');
}
