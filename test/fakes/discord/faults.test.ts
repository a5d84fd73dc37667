import { Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, LAB } from './guild.ts';
import { codeOf, guild, refusal, restFor } from './scene.ts';

const MESSAGES = Routes.channelMessages(LAB);
const HELLO = { body: { content: 'Hello' } };

describe('a planned failure', () => {
  it('answers the next call only, and without effect', async () => {
    const { discord, rest } = await guild();
    discord.failNext('/messages', { status: 403, code: 50001, message: 'Missing Access' });

    expect(await refusal(rest.post(MESSAGES, HELLO))).toMatchObject({ status: 403, code: 50001 });
    await rest.post(MESSAGES, HELLO);

    expect(discord.as(ALICE).sees()).toHaveLength(1);
    expect(discord.breaches()).toEqual([]);
  });

  it('may be an answer that never arrives', async () => {
    const { discord, rest } = await guild();
    discord.loseNextAnswer('/messages');

    await expect(rest.post(MESSAGES, HELLO)).rejects.toThrow();

    expect(discord.as(ALICE).sees()).toMatchObject([{ text: 'Hello' }]);
  });

  it('may be the whole of Discord, which comes back at the same place', async () => {
    const { discord, rest } = await guild();

    await discord.setDown(true);
    await expect(rest.post(MESSAGES, HELLO)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await discord.setDown(false);

    expect(await rest.post(MESSAGES, HELLO)).toMatchObject({ content: 'Hello' });
  });
});

describe('calls', () => {
  it('are noted with what became of them', async () => {
    const { discord, rest } = await guild({ now: () => Date.UTC(2026, 0, 1) });
    await rest.post(MESSAGES, HELLO);

    await codeOf(rest.get(Routes.channel('1')));

    const at = Date.UTC(2026, 0, 1);
    expect(discord.calls()).toEqual([
      { method: 'POST', path: MESSAGES, at, status: 200, code: 0 },
      { method: 'GET', path: '/channels/1', at, status: 404, code: 10003 },
    ]);
  });

  it('that Discord doesn’t know are a breach', async () => {
    const { discord, rest } = await guild();

    expect(await refusal(rest.get('/nowhere'))).toMatchObject({ status: 404, code: 0 });
    expect(discord.breaches()).toEqual(['GET /nowhere is no route that the fake Discord knows']);
  });

  it('with a wrong token are refused', async () => {
    const { discord } = await guild();

    expect(await refusal(restFor(discord, 'wrong').get(Routes.user()))).toMatchObject({
      status: 401,
      code: 0,
    });
  });
});

describe('changes', () => {
  it('are told since a point, to whom they are shown', async () => {
    const { discord, rest } = await guild();
    const { id } = (await rest.post(MESSAGES, HELLO)) as { id: string };
    await rest.post(MESSAGES, HELLO);
    const before = discord.revision();

    const changed = discord.changed();
    await rest.patch(Routes.channelMessage(LAB, id), { body: { content: 'Bye' } });
    await changed;

    expect(discord.changesSince(before, ALICE)).toMatchObject([{ id, text: 'Bye' }]);
  });
});
