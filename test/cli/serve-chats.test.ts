import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type ChatPlatform, ChatRefusedError, type Inbound } from '../../src/chat/platform.ts';
import { Chats, type OnRefused } from '../../src/cli/serve/chats.ts';
import { ear } from '../contracts/chat-platform.ts';

const SILENT = pino({ level: 'silent' });

/** Platforms that only know how to start. */
function chats(names: readonly ChatPlatform['name'][]) {
  const given: Inbound[] = [];
  const platforms = names.map((name) => ({
    name,
    start: async (inbound: Inbound) => void given.push(inbound),
    stop: async () => {},
  }));
  let refuse: OnRefused = () => {};
  const made = new Chats((onRefused) => {
    refuse = onRefused;
    return platforms as unknown as ChatPlatform[];
  }, SILENT);
  return { chats: made, given, refuse: (...word: Parameters<OnRefused>) => refuse(...word) };
}

describe('the chats that the bot is in', () => {
  it('hear people once all is up, and lose nothing said before', async () => {
    const { chats: bot, given } = chats(['slack']);
    const heard = ear();
    await bot.start(heard.inbound);
    const said: string[] = [];
    const command = { text: 'status' } as Parameters<Inbound['command']>[0];

    const listening = given[0]?.command(command).then(() => said.push('heard'));
    await new Promise(setImmediate);
    said.push('up');
    bot.open();
    await listening;

    expect(said).toEqual(['up', 'heard']);
    expect((await heard.nextCommand()).text).toBe('status');
  });

  it('have failed when the last of them refuses the bot, not before', async () => {
    const { chats: bot, refuse } = chats(['slack', 'discord']);
    const failed: string[] = [];
    void bot.failed.then((error) => failed.push(error.message));

    refuse('slack', new ChatRefusedError('no token on Slack'));
    refuse('slack', new ChatRefusedError('no token on Slack, again'));
    await new Promise(setImmediate);
    const after = [...failed];
    refuse('discord', new ChatRefusedError('no token on Discord'));
    await bot.failed;

    expect(after).toEqual([]);
    expect(failed).toEqual(['no token on Discord']);
  });
});
