import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../../src/chat/card.ts';
import { renderNotice } from '../../../../src/chat/notice-text.ts';
import { messageBlocks } from '../../../../src/chat/slack/blocks/message.ts';
import { button, message } from '../../../contracts/chat-platform.ts';
import { checkMessage } from './check-message.ts';
import { job, PLAN, view } from './stories/jobs.ts';
import { links } from './stories/people.ts';

describe('in the worst case, within the limits of Slack', () => {
  const long = 'Bartholomäus 😀 <!here> & `'.repeat(12).slice(0, 300);

  it.each([
    [
      'a card with a name and a reason of 300 characters',
      renderCard(
        view({ reason: long, testbox: { ...job().testbox, name: long }, state: 'awaiting-approval' }),
      ),
    ],
    [
      'a card with 8 disks of long models',
      renderCard(view({ state: 'awaiting-approval', plan: { ...PLAN, disks: manyDisks(8) } })),
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
      '200 lines of 10,000 characters',
      message('log', { lines: Array.from({ length: 200 }, () => '&😀'.repeat(3400)) }),
    ],
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
      '40 buttons with one id that ask before',
      message('x', {
        buttons: Array.from({ length: 40 }, () => ({ ...button('cancel-anyway'), label: long })),
      }),
    ],
    [
      '100 mentions',
      message('x', {
        mentions: Array.from({ length: 100 }, (_, n) => ({ platform: 'slack', user: `U0${n}` })),
      }),
    ],
    ['a title of 300 emoji', message('x', { title: '👩‍👩‍👧'.repeat(300) })],
    [
      '1000 paragraphs',
      message('x', { lines: Array.from({ length: 2000 }, (_, n) => (n % 2 === 0 ? '' : 'p')) }),
    ],
  ] as const)('%s', (_what, said) => {
    expect(() => checkMessage(messageBlocks(said, links))).not.toThrow();
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
