import { Events, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, LAB } from './guild.ts';
import { codeOf, guild, guildWithApp, refusal } from './scene.ts';

type Rest = Awaited<ReturnType<typeof guild>>['rest'];

async function startThread(rest: Rest): Promise<string> {
  const { id } = (await rest.post(Routes.channelMessages(LAB), { body: { content: 'card' } })) as {
    id: string;
  };
  await rest.post(Routes.threads(LAB, id), { body: { name: 'Job 1' } });
  return id;
}

const write = (rest: Rest, thread: string) =>
  rest.post(Routes.channelMessages(thread), { body: { content: 'more' } });

async function isArchived(rest: Rest, thread: string): Promise<boolean> {
  const channel = (await rest.get(Routes.channel(thread))) as { thread_metadata: { archived: boolean } };
  return channel.thread_metadata.archived;
}

describe('a thread', () => {
  it('has its message’s id, and discord.js hears of it', async () => {
    const { discord, rest, client } = await guildWithApp();
    const heard: string[] = [];
    client.on(Events.ThreadCreate, ({ id, parentId }) => heard.push(`${parentId}/${id}`));

    const id = await startThread(rest);
    await write(rest, id);

    await expect.poll(() => heard).toEqual([`${LAB}/${id}`]);
    expect(discord.as(ALICE).sees()).toMatchObject([
      { id, channelId: LAB, threadId: null },
      { channelId: id, threadId: id, text: 'more' },
    ]);
  });

  it('is started once', async () => {
    const { rest } = await guild();
    const id = await startThread(rest);

    const again = rest.post(Routes.threads(LAB, id), { body: { name: 'Job 1' } });

    expect(await refusal(again)).toMatchObject({ status: 400, code: 160004 });
  });

  it.each([
    ['an empty name', 'x', { name: '' }, 50035],
    ['a name of 101 characters', 'x', { name: 'x'.repeat(101) }, 50035],
    ['a message that isn’t there', '1', { name: 'x' }, 10008],
  ])('is refused: %s', async (_what, message, body, code) => {
    const { rest } = await guild();
    const { id } = (await rest.post(Routes.channelMessages(LAB), { body: { content: 'x' } })) as {
      id: string;
    };

    expect(await codeOf(rest.post(Routes.threads(LAB, message === 'x' ? id : message), { body }))).toBe(code);
  });

  it('needs the right to start it, and to write there', async () => {
    const { rest } = await guild({ permissions: ['ViewChannel', 'SendMessages'] });
    const { id } = (await rest.post(Routes.channelMessages(LAB), { body: { content: 'x' } })) as {
      id: string;
    };
    const other = await guild({ permissions: ['ViewChannel', 'SendMessages', 'CreatePublicThreads'] });
    const thread = await startThread(other.rest);

    expect(await codeOf(rest.post(Routes.threads(LAB, id), { body: { name: 'x' } }))).toBe(50013);
    expect(await codeOf(write(other.rest, thread))).toBe(50013);
  });
});

describe('an archived thread', () => {
  it('comes back with the next message, but lets nothing be edited before', async () => {
    const { rest } = await guild();
    const thread = await startThread(rest);
    const { id } = (await write(rest, thread)) as { id: string };
    const edit = () => rest.patch(Routes.channelMessage(thread, id), { body: { content: 'new' } });

    await rest.patch(Routes.channel(thread), { body: { archived: true } });
    expect(await refusal(edit())).toMatchObject({ status: 400, code: 50083 });
    await write(rest, thread);

    expect(await isArchived(rest, thread)).toBe(false);
    await expect(edit()).resolves.toMatchObject({ content: 'new' });
  });

  it('takes no messages when it is locked, and the bot can’t unlock it', async () => {
    const { discord, rest } = await guild();
    const thread = await startThread(rest);

    discord.archiveThread(thread, { locked: true });

    expect(await codeOf(write(rest, thread))).toBe(50083);
    expect(await codeOf(rest.patch(Routes.channel(thread), { body: { archived: false } }))).toBe(50013);
    expect(await isArchived(rest, thread)).toBe(true);
  });
});

describe('a deleted channel', () => {
  it('takes its threads and messages along', async () => {
    const { discord, rest } = await guild();
    const thread = await startThread(rest);

    discord.deleteChannel(LAB);

    expect(await codeOf(write(rest, thread))).toBe(10003);
    expect(await codeOf(rest.get(Routes.channel(LAB)))).toBe(10003);
    expect(discord.as(ALICE).sees()).toEqual([]);
  });
});
