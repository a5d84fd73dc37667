import type { RespondArguments, RespondFn } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { errorOf, workspace, workspaceWithApp } from './scene.ts';
import { LAB } from './workspace.ts';

const MINUTE_MS = 60_000;

/** Alice's command, and how the app answers it and her clicks. */
async function commanded(now: () => number = Date.now) {
  const responds: RespondFn[] = [];
  const { slack, web } = await workspaceWithApp(
    (app) => {
      app.command('/testbox', async ({ ack, respond }) => {
        responds.push(respond);
        await ack();
      });
      app.action('go', async ({ ack, respond }) => {
        responds.push(respond);
        await ack();
      });
    },
    { now, rateLimits: false },
  );
  await slack.as('UALICE').command(LAB, 'status').acknowledged;
  const respond = async (message: RespondArguments) => {
    const newest = responds.at(-1) ?? expect.fail('nothing to answer');
    await newest(message);
  };
  return { slack, web, alice: slack.as('UALICE'), respond };
}

const blocks = [
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } },
    ],
  },
];

describe('a response URL', () => {
  it('shows an answer to one person, or to the channel', async () => {
    const { slack, alice, respond } = await commanded();

    await respond({ text: 'psst' });
    await respond({ text: 'hear, hear', response_type: 'in_channel' });

    expect(alice.sees()).toMatchObject([
      { text: 'psst', ephemeral: true },
      { text: 'hear, hear', ephemeral: false },
    ]);
    expect(slack.as('UBOB').sees()).toMatchObject([{ text: 'hear, hear' }]);
  });

  it('is good five times', async () => {
    const { slack, respond } = await commanded();

    for (const text of ['1', '2', '3', '4', '5']) await respond({ text });

    await expect(respond({ text: '6' })).rejects.toThrow('404');
    expect(slack.calls().at(-1)).toMatchObject({ method: 'response_url', outcome: 'used_url' });
  });

  it('is good for thirty minutes', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { slack, respond } = await commanded(() => now);

    now += 30 * MINUTE_MS;
    await respond({ text: 'just in time' });
    now += 1;

    await expect(respond({ text: 'too late' })).rejects.toThrow('404');
    expect(slack.calls().at(-1)).toMatchObject({ outcome: 'expired_url' });
  });

  it('replaces and deletes the ephemeral message that was clicked', async () => {
    const { alice, respond } = await commanded();
    await respond({ text: 'sure?', blocks });
    const press = async () => {
      const [{ channel, ts } = expect.fail('nothing seen')] = alice.sees();
      await alice.press({ channel, ts }, 'go').acknowledged;
    };

    await press();
    await respond({ replace_original: true, text: 'really?', blocks });
    expect(alice.sees()).toMatchObject([{ text: 'really?', ephemeral: true }]);
    await press();
    await respond({ delete_original: true });

    expect(alice.sees()).toEqual([]);
  });

  it('replaces the bot’s own message for everybody, and nothing that is gone', async () => {
    const { slack, web, alice, respond } = await commanded();
    const { ts = '' } = await web.chat.postMessage({ channel: LAB, text: 'card', blocks });
    await alice.press({ channel: LAB, ts }, 'go').acknowledged;

    await respond({ replace_original: true, text: 'gone' });
    expect(slack.as('UBOB').sees()).toMatchObject([{ ts, text: 'gone', edited: true, blocks: [] }]);
    slack.deleteMessage({ channel: LAB, ts });
    await respond({ replace_original: true, text: 'back' });

    expect(alice.sees()).toEqual([]);
  });

  it('takes no worse messages than the Web API', async () => {
    const { alice, respond } = await commanded();

    await expect(respond({ text: '' })).rejects.toThrow('400');
    await expect(respond({ text: 'x', blocks: [{ type: 'banner' } as never] })).rejects.toThrow('400');
    await expect(respond({ text: 'x', response_type: 'public' as never })).rejects.toThrow('400');

    expect(alice.sees()).toEqual([]);
  });
});

describe('a file', () => {
  it('is announced, sent and shared in a thread', async () => {
    const { slack, web } = await workspace({ rateLimits: false });
    const { ts = '' } = await web.chat.postMessage({ channel: LAB, text: 'card' });

    const content = 'line 1\nline 2 ü\n';
    const to = { channel_id: LAB, thread_ts: ts, initial_comment: 'the log' };
    await web.filesUploadV2({ ...to, filename: 'job.log', content });

    expect(slack.as('UALICE').sees()[1]).toMatchObject({
      ...{ text: 'the log', threadTs: ts, user: slack.botUser },
      files: [{ name: 'job.log', content }],
    });
    expect(slack.calls().map(({ method }) => method)).toEqual([
      ...['chat.postMessage', 'files.getUploadURLExternal', 'upload', 'files.completeUploadExternal'],
    ]);
  });

  it('must be as long as announced, and be sent before it is shared', async () => {
    const { slack, web } = await workspace();
    const asked = await web.files.getUploadURLExternal({ filename: 'a', length: 3 });
    const { upload_url = '', file_id = '' } = asked;
    const share = () => web.files.completeUploadExternal({ files: [{ id: file_id }], channel_id: LAB });

    expect(await errorOf(share())).toBe('file_not_found');
    const wrong = await fetch(upload_url, { method: 'POST', body: 'four' });
    expect([wrong.status, await wrong.text()]).toEqual([400, 'expected 3 bytes as announced, got 4']);
    await fetch(upload_url, { method: 'POST', body: 'abc' });
    await share();

    expect(slack.as('UALICE').sees()).toMatchObject([{ files: [{ name: 'a', content: 'abc' }] }]);
    expect(await errorOf(share())).toBe('file_not_found');
  });
});
