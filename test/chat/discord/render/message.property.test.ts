import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmQuestion } from '../../../../src/chat/discord/render/asks.ts';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';
import {
  type DiscordPayload,
  discordMessage,
  plainMessage,
} from '../../../../src/chat/discord/render/message.ts';
import { suggestionChoices } from '../../../../src/chat/discord/render/suggestions.ts';
import type { CardPlace, ChatMessage, Mention } from '../../../../src/chat/platform.ts';
import { checkMessage } from './check-message.ts';
import { hostileText } from './hostile.ts';
import { CARD, CHANNEL, GUILD } from './stories/people.ts';

const links = cardLinks(GUILD);
const text = hostileText();
const card: fc.Arbitrary<CardPlace | null> = fc.option(
  fc.record({
    channel: fc.oneof(fc.constant(CHANNEL), text),
    ref: fc.option(fc.oneof(fc.constant(CARD.ref ?? ''), text)),
  }),
);
const ids = fc.oneof(fc.stringMatching(/^[1-9]\d{16,18}$/), text);
const mention: fc.Arbitrary<Mention> = fc.oneof(
  fc.record({ platform: fc.constantFrom('discord' as const, 'slack' as const), user: ids }),
  fc.record({ platform: fc.constant('discord' as const), group: ids }),
);
const button = fc.record(
  {
    id: fc.oneof(fc.constantFrom('approve', 'cancel-anyway', 'boot-local', 'power-cycle'), text),
    value: fc.oneof(fc.constant('7k3m9q2x'), text),
    label: text,
    style: fc.constantFrom('plain' as const, 'primary' as const, 'danger' as const),
    asks: text,
  },
  { requiredKeys: ['id', 'value', 'label', 'style'] },
);
const message: fc.Arbitrary<ChatMessage> = fc.record({
  text,
  title: fc.option(text),
  lines: fc.array(text, { maxLength: 60 }),
  bars: fc.array(fc.record({ label: text, fraction: fc.double(), note: text }), { maxLength: 60 }),
  footer: fc.option(text),
  buttons: fc.array(button, { maxLength: 60 }),
  mentions: fc.array(mention, { maxLength: 60 }),
  card,
  attachment: fc.constant(null),
});

describe('whatever is said', () => {
  it.each([
    ['a message', discordMessage],
    ['plain words', plainMessage],
  ] as const)('%s is one that Discord takes, and calls only those it should', (_what, rendered) => {
    fc.assert(
      fc.property(message, (said) => {
        const payload = rendered(said, links);

        checkMessage(payload);
        const meant = new Set(said.mentions.map(markOf));
        for (const called of calledBy(payload)) expect(meant).toContain(called);
      }),
    );
  });

  it('questions and choices are some that Discord takes', () => {
    fc.assert(
      fc.property(
        button,
        fc.array(fc.record({ name: text, label: text }), { maxLength: 60 }),
        (asked, boxes) => {
          const choices = suggestionChoices(boxes);
          const { content, components } = confirmQuestion(asked, asked.asks ?? null);

          expect(choices.length).toBeLessThanOrEqual(25);
          for (const { name, value } of choices) {
            expect(name.length).toBeLessThanOrEqual(100);
            expect(name.trim()).not.toBe('');
            expect(boxes.map((box) => box.name)).toContain(value);
          }
          expect(content.length).toBeLessThanOrEqual(2000);
          expect(components[0]?.components.at(-1)).toMatchObject({ custom_id: 'dismiss-question|' });
        },
      ),
    );
  });
});

function markOf(mention: Mention): string {
  return 'user' in mention ? `<@${mention.user}>` : `<@&${mention.group}>`;
}

/** By Discord's server: what it is let to notify, and finds in the content. */
function calledBy({ content, allowed_mentions }: DiscordPayload): string[] {
  const { users = [], roles = [] } = allowed_mentions;
  const allowed = [...users.map((id) => `<@${id}>`), ...roles.map((id) => `<@&${id}>`)];
  for (const mark of allowed) expect(content).toContain(mark);
  return allowed;
}
