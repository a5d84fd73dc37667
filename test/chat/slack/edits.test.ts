import { describe, expect, it } from 'vitest';
import { message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { slackScene } from './slack-fixture.ts';

describe('edits of one message', () => {
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
