import { describe, expect, it } from 'vitest';
import { EditOrder } from '../../../src/chat/slack/edits.ts';
import { message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { slackScene } from './slack-fixture.ts';

const REF = 'C1:1.1';

describe('edits of one message', () => {
  it('go out one after the other', async () => {
    const edits = new EditOrder();
    const gate = Promise.withResolvers<void>();
    const sent: string[] = [];
    const send = (text: string, until?: Promise<void>) =>
      edits.run(REF, { text }, async () => {
        sent.push(text);
        await until;
      });

    const first = send('a', gate.promise);
    const second = send('b');
    await edits.run('C1:2.2', { text: 'other' }, async () => void sent.push('other'));
    const before = [...sent];
    gate.resolve();
    await Promise.all([first, second]);

    expect(before).toEqual(['a', 'other']);
    expect(sent).toEqual(['a', 'other', 'b']);
  });

  it('go on after one that failed, which is sent again when it is asked for again', async () => {
    const edits = new EditOrder();
    const sent: string[] = [];
    const send = (text: string, fail = false) =>
      edits.run(REF, { text }, async () => {
        sent.push(text);
        if (fail) throw new Error('lost');
      });
    await send('a');

    const lost = send('b', true);
    const next = send('a');
    await expect(lost).rejects.toThrow('lost');
    await next;

    // The first edit may have had its effect: the old text is not known to be there any more.
    expect(sent).toEqual(['a', 'b', 'a']);
  });

  it('are remembered for the newest thousand messages', async () => {
    const edits = new EditOrder();
    const sent: string[] = [];
    const send = (ref: string) => edits.run(ref, {}, async () => void sent.push(ref));
    for (let at = 0; at <= 1_000; at += 1) edits.remember(`C1:${at}.0`, {});

    for (const ref of ['C1:0.0', 'C1:2.0', 'C1:1000.0']) await send(ref);

    expect(sent).toEqual(['C1:0.0']);
  });

  it('that change nothing are not sent, also right after the post', async () => {
    const { connect, slack, seen } = await slackScene({ rateLimits: false });
    const platform = connect();
    const ref = await platform.post({ channel: LAB, nonce: 'n1' }, message('one'));

    for (const text of ['one', 'two', 'two']) await platform.edit(ref, message(text));

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['two']);
    expect(slack.calls().map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.update']);
  });

  it('are sent by a new bot, which does not know what is shown', async () => {
    const { connect, slack } = await slackScene({ rateLimits: false });
    const ref = await connect().post({ channel: LAB, nonce: 'n1' }, message('one'));

    await connect().edit(ref, message('one'));

    expect(slack.calls().map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.update']);
  });
});
