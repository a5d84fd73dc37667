import { expect, it } from 'vitest';
import { ALICE, BOB, LAB, OPERATORS } from '../fakes/discord/guild.ts';
import type { SeenDiscordMessage } from '../fakes/discord/types.ts';
import { plainText } from './discord-text.ts';

function seen(changes: Partial<SeenDiscordMessage>): SeenDiscordMessage {
  return {
    ...{ id: '1', channelId: LAB, threadId: null, ephemeral: false, author: ALICE, text: '', raw: {} },
    ...{ buttons: [], edited: false, files: [], notified: [] },
    ...changes,
  };
}

it.each([
  ['`ssh root@10.40.41.42` and `/testbox release pluto`', 'ssh root@10.40.41.42 and /testbox release pluto'],
  ['**Boot local disk?**\n-# 10.40.41.42', 'Boot local disk?\n10.40.41.42'],
  ['disk\\_size of 2\\*\\*3\\*\\* and \\`x\\`', 'disk_size of 2**3** and `x`'],
  [`<@${BOB}> <@&${OPERATORS}> in <#${LAB}>`, '@bob @operators in #lab'],
  ['[the card](https://discord.com/channels/1/2/3)', 'the card'],
  ['\\<@1\\> and \\# no heading', '<@1> and # no heading'],
])('reads %s as people do', (text, plain) => {
  expect(plainText(seen({ text }))).toBe(plain);
});

it('reads buttons by their labels, and files', () => {
  const message = seen({
    text: 'failed',
    buttons: [{ customId: 'retry|7k3m9q2x', label: 'Retry', disabled: false }],
    files: [{ name: 'pluto.log', content: 'no disk' }],
  });

  expect(plainText(message)).toBe('failed\n[Retry]\nno disk');
});
