import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { errorOf, workspace } from './scene.ts';
import type { FakeSlack } from './types.ts';
import { LAB } from './workspace.ts';

const FREE = { rateLimits: false };

async function posted(web: WebClient, text: string, more: object = {}): Promise<string> {
  const { ts } = await web.chat.postMessage({ channel: LAB, text, ...more });
  return ts ?? expect.fail('no time stamp');
}

function texts(slack: FakeSlack, user = 'UALICE'): readonly string[] {
  return slack
    .as(user)
    .sees()
    .map(({ text }) => text);
}

describe('a post', () => {
  it.each([
    ['C0NONE', 'channel_not_found'],
    ['C0SECRET', 'channel_not_found'],
    ['C0GENERAL', 'not_in_channel'],
    ['UNOBODY', 'channel_not_found'],
    ['UBOT', 'cannot_dm_bot'],
  ])('to %s is refused: %s', async (channel, error) => {
    const { web } = await workspace();

    expect(await errorOf(web.chat.postMessage({ channel, text: 'x' }))).toBe(error);
  });

  it('into an archived channel is refused', async () => {
    const { slack, web } = await workspace(FREE);
    const ts = await posted(web, 'before');
    slack.setChannel(LAB, { isArchived: true });

    expect(await errorOf(posted(web, 'x'))).toBe('is_archived');
    expect(await errorOf(web.chat.update({ channel: LAB, ts, text: 'x' }))).toBe('is_inactive');
    expect(await web.conversations.info({ channel: LAB })).toMatchObject({ channel: { is_archived: true } });
  });

  it('needs a text, and no longer one than people read', async () => {
    const { slack, web } = await workspace(FREE);
    const blocks = [{ type: 'divider' }];

    expect(await errorOf(web.apiCall('chat.postMessage', { channel: LAB }))).toBe('no_text');
    expect(await errorOf(posted(web, 'x'.repeat(4001)))).toBe('msg_too_long');
    expect(slack.breaches()).toEqual([]);
    await web.apiCall('chat.postMessage', { channel: LAB, blocks });
    expect(slack.breaches()).toEqual(['chat.postMessage has blocks, but no text for notifications']);
  });

  it('to a person reaches only them, and is edited by the id of the direct messages', async () => {
    const { slack, web } = await workspace(FREE);

    const { channel = '', ts = '' } = await web.chat.postMessage({ channel: 'UALICE', text: 'psst' });

    expect(texts(slack)).toEqual(['psst']);
    expect(texts(slack, 'UBOB')).toEqual([]);
    expect(await errorOf(web.chat.update({ channel: 'UALICE', ts, text: 'x' }))).toBe('channel_not_found');
    expect(await web.chat.update({ channel, ts, text: 'hush' })).toMatchObject({ channel, text: 'hush' });
  });
});

describe('a thread', () => {
  it('takes replies, some of which the channel shows too', async () => {
    const { slack, web } = await workspace(FREE);
    const root = await posted(web, 'card');
    const reply = await posted(web, 'stage', { thread_ts: root });
    await posted(web, 'done', { thread_ts: root, reply_broadcast: true });

    const { messages: inChannel } = await web.conversations.history({ channel: LAB });
    const { messages: inThread } = await web.conversations.replies({ channel: LAB, ts: root });
    const { permalink } = await web.chat.getPermalink({ channel: LAB, message_ts: reply });

    expect(inChannel?.map(({ text }) => text)).toEqual(['done', 'card']);
    expect(inThread?.map(({ text }) => text)).toEqual(['card', 'stage', 'done']);
    expect(slack.as('UALICE').sees()).toMatchObject([
      { threadTs: null },
      { threadTs: root, broadcast: false },
      { threadTs: root, broadcast: true },
    ]);
    expect(permalink).toBe(
      `https://acme.slack.com/archives/${LAB}/p${reply.replace('.', '')}?thread_ts=${root}&cid=${LAB}`,
    );
  });

  it('goes by its first message, never by a reply', async () => {
    const { slack, web } = await workspace(FREE);
    const root = await posted(web, 'card');
    const reply = await posted(web, 'stage', { thread_ts: root });

    await posted(web, 'to a reply', { thread_ts: reply });

    expect(slack.breaches()).toEqual([expect.stringContaining("is a reply's own")]);
  });

  it('whose first message is gone sends replies into the channel, and only the answer tells', async () => {
    const { slack, web } = await workspace(FREE);
    const root = await posted(web, 'card');
    slack.deleteMessage({ channel: LAB, ts: root });

    const { message } = await web.chat.postMessage({ channel: LAB, text: 'stage', thread_ts: root });

    expect(message).not.toHaveProperty('thread_ts');
    expect(slack.as('UALICE').sees()).toMatchObject([{ text: 'stage', threadTs: null }]);
    expect(await errorOf(web.conversations.replies({ channel: LAB, ts: root }))).toBe('thread_not_found');
  });

  it('with replies keeps a stone in the place of its first message', async () => {
    const { slack, web } = await workspace(FREE);
    const root = await posted(web, 'card');
    const reply = await posted(web, 'stage', { thread_ts: root });
    await web.chat.delete({ channel: LAB, ts: root });

    await posted(web, 'more', { thread_ts: root });

    expect(texts(slack)).toEqual(['This message was deleted.', 'stage', 'more']);
    const edit = web.chat.update({ channel: LAB, ts: root, text: 'x' });
    expect(await errorOf(edit)).toBe('message_not_found');
    for (const { ts, threadTs } of slack.as('UALICE').sees()) {
      if (threadTs !== null) slack.deleteMessage({ channel: LAB, ts });
    }
    expect(texts(slack)).toEqual([]);
    expect(reply).not.toBe(root);
  });
});

describe('an edit', () => {
  it('keeps what it does not name, and is counted', async () => {
    const { slack, web } = await workspace(FREE);
    const ts = await posted(web, 'card', { blocks: [{ type: 'divider' }] });
    const revision = slack.revision();

    await web.chat.update({ channel: LAB, ts, text: 'newer' });

    const [message] = slack.changesSince(revision, 'UALICE');
    expect(message).toMatchObject({ text: 'newer', edited: true, blocks: [{ type: 'divider' }] });
    expect(slack.changesSince(slack.revision(), 'UALICE')).toEqual([]);
  });

  it('is of the bot’s own messages, which are there', async () => {
    const { slack, web } = await workspace(FREE);
    slack.as('UALICE').mention(LAB, 'hello');
    const ts = slack.as('UALICE').sees()[0]?.ts ?? '';

    const edit = (at: string) => errorOf(web.chat.update({ channel: LAB, ts: at, text: 'x' }));

    expect(await edit(ts)).toBe('cant_update_message');
    expect(await edit('1.000001')).toBe('message_not_found');
    expect(await errorOf(web.chat.delete({ channel: LAB, ts }))).toBe('cant_delete_message');
  });
});

describe('an ephemeral message', () => {
  it('is seen by one person, until their client reloads, and cannot be edited', async () => {
    const { slack, web } = await workspace(FREE);
    const said = await web.chat.postEphemeral({ channel: LAB, user: 'UALICE', text: 'only you' });

    const edit = web.chat.update({ channel: LAB, ts: said.message_ts ?? '', text: 'x' });

    expect(slack.as('UALICE').sees()).toMatchObject([{ text: 'only you', ephemeral: true }]);
    expect(texts(slack, 'UBOB')).toEqual([]);
    expect(await errorOf(edit)).toBe('message_not_found');
    slack.as('UALICE').reload();
    expect(texts(slack)).toEqual([]);
  });

  it('goes to members only, in channels that the bot is in', async () => {
    const { web } = await workspace(FREE);
    const say = (channel: string, user: string) =>
      errorOf(web.chat.postEphemeral({ channel, user, text: 'x' }));

    expect(await say(LAB, 'UCAROL')).toBe('user_not_in_channel');
    expect(await say('C0GENERAL', 'UALICE')).toBe('not_in_channel');
  });

  it('is not shown in a thread without replies', async () => {
    const { slack, web } = await workspace(FREE);
    const root = await posted(web, 'card');
    const say = () =>
      web.chat.postEphemeral({ channel: LAB, user: 'UALICE', text: 'only you', thread_ts: root });

    await say();
    expect(texts(slack)).toEqual(['card']);
    expect(slack.breaches()).toHaveLength(1);
    await posted(web, 'stage', { thread_ts: root });
    await say();

    expect(texts(slack)).toEqual(['card', 'stage', 'only you']);
  });
});
