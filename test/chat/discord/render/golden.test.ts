import { describe, expect, it } from 'vitest';
import { confirmQuestion } from '../../../../src/chat/discord/render/asks.ts';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';
import { discordMessage } from '../../../../src/chat/discord/render/message.ts';
import { reasonModal } from '../../../../src/chat/discord/render/reason-modal.ts';
import { checkMessage } from './check-message.ts';
import { MESSAGES } from './stories/messages.ts';
import { GUILD } from './stories/people.ts';

const links = cardLinks(GUILD);

describe('on Discord', () => {
  it.each(Object.entries(MESSAGES))('%s looks as it should', async (name, message) => {
    const payload = discordMessage(message, links);

    checkMessage(payload);
    await expect(asJson(payload)).toMatchFileSnapshot(`golden/${name}.json`);
  });

  it.each([
    ['reason-modal', reasonModal({ id: 'deny', value: '7k3m9q2x' })],
    [
      'confirm-question',
      confirmQuestion({ id: 'boot-local', value: '7k3m9q2x', label: 'Boot local disk anyway' }),
    ],
  ])('%s looks as it should', async (name, view) => {
    await expect(asJson(view)).toMatchFileSnapshot(`golden/${name}.json`);
  });
});

/** As Biome formats it: ids beside each other. */
function asJson(value: unknown): string {
  const ids = /\[\s+("\d+"(?:,\s+"\d+")*)\s+\]/g;
  const json = JSON.stringify(value, null, 2).replace(
    ids,
    (_all, listed: string) => `[${listed.replace(/\s+/g, ' ')}]`,
  );
  return `${json}\n`;
}
