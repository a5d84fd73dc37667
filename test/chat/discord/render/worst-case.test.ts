import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../../src/chat/card.ts';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';
import { discordMessage, plainMessage } from '../../../../src/chat/discord/render/message.ts';
import { renderNotice } from '../../../../src/chat/notice-text.ts';
import { button, message } from '../../../contracts/chat-platform.ts';
import { job, PLAN, view } from '../../slack/blocks/stories/jobs.ts';
import { checkMessage } from './check-message.ts';
import { CARD, GUILD } from './stories/people.ts';

const links = cardLinks(GUILD);

describe('in the worst case, within the limits of Discord', () => {
  const long = 'Bartholomäus 😀 @everyone _*` '.repeat(12).slice(0, 300);

  it.each([
    [
      'a card with a name and a reason of 300 characters',
      renderCard(
        view({ reason: long, testbox: { ...job().testbox, name: long }, state: 'awaiting-approval' }),
      ),
    ],
    [
      'a card with 64 disks of long models',
      renderCard(view({ state: 'awaiting-approval', plan: { ...PLAN, disks: manyDisks(64) } })),
    ],
    [
      'a card with 64 bars',
      renderCard(
        view(
          { state: 'running' },
          manyDisks(64).map(({ slot }) => ({
            slot,
            totalBytes: 10,
            doneBytes: 5,
            writtenBytes: 0,
            skippedBytes: 0,
            bytesPerSecond: 1,
          })),
        ),
      ),
    ],
    [
      'a failure with a message of 10,000 characters',
      renderNotice(view({ state: 'stopped' }), {
        about: 'failed',
        failure: { class: 'bug', code: 'x', message: long.repeat(34), logTail: [] },
      }).message,
    ],
    [
      '200 lines of 10,000 characters, with everything around them',
      message('log', {
        title: '*'.repeat(300),
        footer: '_'.repeat(3000),
        card: CARD,
        lines: Array.from({ length: 200 }, () => '*😀'.repeat(3400)),
      }),
    ],
    ['a text of 200 lines', message(`${long}\n`.repeat(200), { lines: ['last'], card: CARD })],
    [
      '60 boxes with long names',
      message('60 boxes', { lines: Array.from({ length: 60 }, () => `${long}: free`) }),
    ],
    [
      '40 buttons',
      message('x', {
        buttons: Array.from({ length: 40 }, (_, n) => ({ ...button(`plan-${n}`), label: long })),
      }),
    ],
    [
      '100 mentions before a long text',
      message(long.repeat(10), {
        title: 'x',
        mentions: Array.from({ length: 100 }, (_, n) => ({
          platform: 'discord',
          user: `${10n ** 18n + BigInt(n)}`,
        })),
      }),
    ],
    ['a title of 300 emoji', message('x', { title: '👩‍👩‍👧'.repeat(300) })],
    [
      '1000 paragraphs',
      message('x', { lines: Array.from({ length: 2000 }, (_, n) => (n % 2 === 0 ? '' : 'p')) }),
    ],
  ] as const)('%s', (_what, said) => {
    expect(() => checkMessage(discordMessage(said, links))).not.toThrow();
    expect(() => checkMessage(plainMessage(said, links))).not.toThrow();
  });
});

function manyDisks(count: number): typeof PLAN.disks {
  return Array.from({ length: count }, (_, n) => ({
    slot: `nvme${n}n1`,
    disk: {
      identity: { wwn: null, model: `DISK ${'M'.repeat(200)}`, serial: 'S'.repeat(200), path: null },
      kernelName: `nvme${n}n1`,
      sizeBytes: 2 ** 40,
      sectorSizeBytes: 512,
    },
    image: null,
  }));
}
