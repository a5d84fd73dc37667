import { describe, expect, it } from 'vitest';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';
import { discordMessage, plainMessage } from '../../../../src/chat/discord/render/message.ts';
import { worstCases } from '../../worst-cases.ts';
import { checkMessage } from './check-message.ts';
import { CARD, GUILD } from './stories/people.ts';

const links = cardLinks(GUILD);

describe('in the worst case, within the limits of Discord', () => {
  const cases = worstCases('@everyone _*` ', (n) => ({
    platform: 'discord',
    user: `${10n ** 18n + BigInt(n)}`,
  }));

  it.each(cases)('%s', (_what, said) => {
    const linked = { ...said, card: CARD };

    for (const message of [said, linked]) {
      expect(() => checkMessage(discordMessage(message, links))).not.toThrow();
      expect(() => checkMessage(plainMessage(message, links))).not.toThrow();
    }
  });
});
