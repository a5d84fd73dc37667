import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, BOT_PERMISSIONS, GENERAL, LAB, OPERATORS } from './guild.ts';
import { codeOf, guild, refusal } from './scene.ts';
import type { FakeDiscord, SeenDiscordMessage } from './types.ts';

interface Posted {
  id: string;
  channel_id: string;
  content: string;
}

const MESSAGES = Routes.channelMessages(LAB);
const HOUR_MS = 60 * 60_000;

function text(content: string) {
  return { type: ComponentType.TextDisplay, content };
}

function button(custom_id: string, label = 'Go') {
  return { type: ComponentType.Button, style: ButtonStyle.Primary, custom_id, label };
}

function row(...components: unknown[]) {
  return { type: ComponentType.ActionRow, components };
}

function seenBy(discord: FakeDiscord, user: string): SeenDiscordMessage | undefined {
  return discord.as(user).sees().at(-1);
}

describe('a message', () => {
  it('is seen with its texts, buttons and files', async () => {
    const { discord, rest } = await guild();
    const embeds = [{ title: 'Title', description: 'Text', fields: [{ name: 'Box', value: 'rack1' }] }];
    const files = [{ name: 'log.txt', data: Buffer.from('the end') }];

    await rest.post(MESSAGES, { body: { content: 'Hello', embeds, components: [row(button('a'))] }, files });

    expect(seenBy(discord, ALICE)).toMatchObject({
      ...{ channelId: LAB, threadId: null, ephemeral: false, edited: false, author: discord.botUser },
      text: 'Hello\nTitle\nText\nBox\nrack1',
      buttons: [{ customId: 'a', label: 'Go', disabled: false }],
      files: [{ name: 'log.txt', content: 'the end' }],
    });
    expect(discord.breaches()).toEqual([]);
  });

  it('keeps what an edit does not name, and shows that it was edited', async () => {
    const { discord, rest } = await guild();
    const posted = (await rest.post(MESSAGES, {
      body: { content: 'Before', components: [row(button('a'))] },
    })) as Posted;

    await rest.patch(Routes.channelMessage(LAB, posted.id), { body: { content: 'After' } });

    expect(seenBy(discord, BOB)).toMatchObject({ text: 'After', edited: true, buttons: [{ customId: 'a' }] });
  });

  it('is listed, newest first, and around another one', async () => {
    const { rest } = await guild({ rateLimits: false });
    const posted: Posted[] = [];
    for (const content of ['1', '2', '3', '4', '5']) {
      posted.push((await rest.post(MESSAGES, { body: { content } })) as Posted);
    }
    const listed = async (query: Record<string, string>): Promise<string[]> => {
      const list = (await rest.get(MESSAGES, { query: new URLSearchParams(query) })) as Posted[];
      return list.map(({ content }) => content);
    };

    expect(await listed({})).toEqual(['5', '4', '3', '2', '1']);
    expect(await listed({ after: posted[1]?.id ?? '', limit: '2' })).toEqual(['4', '3']);
    expect(await listed({ around: posted[2]?.id ?? '', limit: '3' })).toEqual(['4', '3', '2']);
    expect(await listed({ before: posted[2]?.id ?? '' })).toEqual(['2', '1']);
  });

  it('is gone once deleted', async () => {
    const { discord, rest } = await guild();
    const { id } = (await rest.post(MESSAGES, { body: { content: 'x' } })) as Posted;

    await rest.delete(Routes.channelMessage(LAB, id));

    expect(await codeOf(rest.get(Routes.channelMessage(LAB, id)))).toBe(10008);
    expect(discord.as(ALICE).sees()).toEqual([]);
  });
});

describe('a nonce', () => {
  it('that is enforced gives the first message again', async () => {
    const { discord, rest } = await guild();
    const body = { content: 'x', nonce: 'job-1', enforce_nonce: true };

    const first = (await rest.post(MESSAGES, { body })) as Posted;
    const second = (await rest.post(MESSAGES, { body: { ...body, content: 'y' } })) as Posted;

    expect(second).toMatchObject({ id: first.id, content: 'x' });
    expect(discord.as(ALICE).sees()).toHaveLength(1);
  });

  it('is forgotten after minutes, and means nothing when it is not enforced', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { discord, rest } = await guild({ now: () => now });
    const body = { content: 'x', nonce: 'job-1', enforce_nonce: true };
    await rest.post(MESSAGES, { body });

    await rest.post(MESSAGES, { body: { ...body, enforce_nonce: false } });
    now += 5 * 60_000;
    await rest.post(MESSAGES, { body });

    expect(discord.as(ALICE).sees()).toHaveLength(3);
  });
});

describe('what the bot may not', () => {
  it.each([
    ['see a channel', {}, GENERAL, { content: 'x' }, 50001],
    ['write', { permissions: ['ViewChannel'] }, LAB, { content: 'x' }, 50013],
    ['embed', { permissions: ['ViewChannel', 'SendMessages'] }, LAB, { embeds: [{ title: 'x' }] }, 50013],
    ['find', {}, '1', { content: 'x' }, 10003],
  ])('%s', async (_what, settings, channel, body, code) => {
    const { discord, rest } = await guild(settings);

    expect(await codeOf(rest.post(Routes.channelMessages(channel), { body }))).toBe(code);
    expect(discord.as(ALICE).sees()).toEqual([]);
  });

  it('attach files', async () => {
    const { rest } = await guild({ permissions: ['ViewChannel', 'SendMessages'] });
    const files = [{ name: 'a.txt', data: Buffer.from('a') }];

    expect(await codeOf(rest.post(MESSAGES, { body: { content: 'x' }, files }))).toBe(50013);
  });
});

describe('notifications', () => {
  const everybody = `<@${ALICE}> <@${BOB}> <@&${OPERATORS}>`;

  it.each<[string, RESTPostAPIChannelMessageJSONBody, readonly string[]]>([
    ['by default all who are mentioned', { content: everybody }, [ALICE, BOB, OPERATORS]],
    ['nobody', { content: everybody, allowed_mentions: { parse: [] } }, []],
    [
      'only the allowed',
      { content: everybody, allowed_mentions: { users: [BOB], roles: [OPERATORS] } },
      [BOB, OPERATORS],
    ],
    ['only who is mentioned', { content: 'x', allowed_mentions: { users: [BOB] } }, []],
    ['nobody in embeds', { embeds: [{ description: everybody }] }, []],
    ['nobody silently', { content: everybody, flags: MessageFlags.SuppressNotifications }, []],
  ])('%s', async (_what, body, notified) => {
    const { discord, rest } = await guild();

    await rest.post(MESSAGES, { body });

    expect(seenBy(discord, ALICE)?.notified).toEqual(notified);
  });

  it('come from text displays too, and never from edits', async () => {
    const { discord, rest } = await guild();
    const body = { flags: MessageFlags.IsComponentsV2, components: [text(`<@${ALICE}>`)] };
    const { id } = (await rest.post(MESSAGES, { body })) as Posted;

    await rest.patch(Routes.channelMessage(LAB, id), { body: { components: [text(`<@${BOB}>`)] } });

    expect(seenBy(discord, ALICE)?.notified).toEqual([ALICE]);
  });

  it('of a role need that it is mentionable, or a permission', async () => {
    const roles = [{ id: OPERATORS, name: 'operators', members: [], mentionable: false }];
    const { discord, rest } = await guild({ roles });
    const strong = await guild({ roles, permissions: [...BOT_PERMISSIONS, 'MentionEveryone'] });
    const body = { content: `<@&${OPERATORS}>` };

    await rest.post(MESSAGES, { body });
    await strong.rest.post(MESSAGES, { body });

    expect(seenBy(discord, ALICE)?.notified).toEqual([]);
    expect(seenBy(strong.discord, ALICE)?.notified).toEqual([OPERATORS]);
  });
});

describe('an old message', () => {
  it('takes a few edits only: 30046, with HTTP 429 and a long wait', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { discord } = await guild({ now: () => now, rateLimits: false });
    const headers = { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' };
    const send = (method: string, path: string) =>
      fetch(`${discord.apiUrl}/v10${path}`, { method, headers, body: JSON.stringify({ content: 'x' }) });
    const { id } = (await (await send('POST', MESSAGES)).json()) as Posted;
    const route = Routes.channelMessage(LAB, id);
    for (let edit = 0; edit < 6; edit += 1) await send('PATCH', route);
    expect(discord.breaches()).toEqual([]);

    now += HOUR_MS + 1;
    for (let edit = 0; edit < 5; edit += 1) expect((await send('PATCH', route)).status).toBe(200);
    const refused = await send('PATCH', route);
    now += 10 * 60_000;
    const later = await send('PATCH', route);

    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('600');
    expect(await refused.json()).toMatchObject({ code: 30046, retry_after: 600 });
    expect(later.status).toBe(200);
    expect(discord.breaches()).toEqual([expect.stringContaining('30046')]);
  });
});

describe('direct messages', () => {
  it('are for one person, and can be closed', async () => {
    const { discord, rest } = await guild({
      users: [
        { id: ALICE, name: 'alice', displayName: 'Alice' },
        { id: BOB, name: 'bob', displayName: 'Bob', closedToBots: true },
      ],
    });
    const open = async (recipient_id: string): Promise<string> =>
      ((await rest.post(Routes.userChannels(), { body: { recipient_id } })) as { id: string }).id;

    const channel = await open(ALICE);
    await rest.post(Routes.channelMessages(channel), { body: { content: 'psst' } });
    const closed = await open(BOB);

    expect(await open(ALICE)).toBe(channel);
    expect(
      await refusal(rest.post(Routes.channelMessages(closed), { body: { content: 'x' } })),
    ).toMatchObject({
      ...{ status: 403, code: 50007 },
    });
    expect(discord.as(ALICE).sees()).toMatchObject([{ text: 'psst', channelId: channel }]);
    expect(discord.as(BOB).sees()).toEqual([]);
  });
});
