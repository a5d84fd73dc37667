import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CardPlace, ChatMessage, HomePage, Mention } from '../../../../src/chat/platform.ts';
import { homeView } from '../../../../src/chat/slack/blocks/home.ts';
import { messageBlocks } from '../../../../src/chat/slack/blocks/message.ts';
import { reasonFormView } from '../../../../src/chat/slack/blocks/reason-form.ts';
import { requestFormView } from '../../../../src/chat/slack/blocks/request-form.ts';
import { suggestionOptions } from '../../../../src/chat/slack/blocks/suggestions.ts';
import { suggestions } from '../../../fakes/slack/blocks/elements.ts';
import { checkView } from '../../../fakes/slack/blocks.ts';
import { checkMessage, mrkdwnTexts } from './check-message.ts';
import { hostileText } from './hostile.ts';
import { links } from './stories/people.ts';

const text = hostileText();
const card: fc.Arbitrary<CardPlace | null> = fc.option(
  fc.record({
    channel: fc.constant('C0LAB'),
    ref: fc.option(fc.constant('C0LAB:1795366800.000100')),
  }),
);
const ids = fc.oneof(fc.stringMatching(/^[UWS][A-Z0-9]{8,10}$/), text);
const mention: fc.Arbitrary<Mention> = fc.oneof(
  fc.record({ platform: fc.constantFrom('slack' as const, 'console' as const), user: ids }),
  fc.record({ platform: fc.constant('slack' as const), group: ids }),
);
const button = fc.record({
  id: fc.oneof(fc.constantFrom('approve', 'cancel-anyway', 'boot-local', 'power-cycle'), text),
  value: fc.oneof(fc.constant('7k3m9q2x'), text),
  label: text,
  style: fc.constantFrom('plain' as const, 'primary' as const, 'danger' as const),
});
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
const page: fc.Arbitrary<HomePage> = fc.record({
  at: fc.integer({ min: 0, max: 4e12 }),
  sections: fc.array(
    fc.record({
      title: text,
      empty: text,
      entries: fc.array(fc.record({ text, card }), { maxLength: 100 }),
    }),
    { maxLength: 60 },
  ),
});

describe('whatever is said', () => {
  it('a message is one that Slack takes, and mentions only those it should', () => {
    fc.assert(
      fc.property(message, (said) => {
        const rendered = messageBlocks(said, links);

        checkMessage(rendered);
        const meant = said.mentions.map((one) =>
          'user' in one ? `<@${one.user}>` : `<!subteam^${one.group}>`,
        );
        for (const shown of [rendered.text, ...mrkdwnTexts(rendered.blocks)]) {
          for (const [mentioned] of shown.matchAll(/<[@!][^>]*>/g)) expect(meant).toContain(mentioned);
        }
      }),
    );
  });

  it('a Home tab is one that Slack takes', () => {
    fc.assert(
      fc.property(page, (shown) => {
        const view = homeView(shown, links);

        checkView(view, 'home');
        expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(250_000);
        expect(mrkdwnTexts(view).every((said) => said.trim() !== '')).toBe(true);
      }),
    );
  });

  it('dialogs and suggestions are some that Slack takes', () => {
    const boxes = fc.array(fc.record({ name: text, label: text }), { maxLength: 120 });
    fc.assert(
      fc.property(boxes, text, (found, label) => {
        const options = suggestionOptions(found);
        const actions = [{ action: 'restore' as const, label }];

        expect(suggestions.safeParse({ options }).error).toBeUndefined();
        checkView(requestFormView({ box: found[0] ?? null, actions }, { privateMetadata: '' }), 'modal');
        checkView(reasonFormView({ buttonId: label, privateMetadata: '' }), 'modal');
      }),
    );
  });
});
