import { renderCard } from '../../src/chat/card.ts';
import { renderNotice } from '../../src/chat/notice-text.ts';
import type { ChatMessage, Mention } from '../../src/chat/platform.ts';
import { button, message } from '../contracts/chat-platform.ts';
import { job, PLAN, view } from './slack/blocks/stories/jobs.ts';

/**
 * Messages that any platform has to get within its limits.
 *
 * @param hostile what the platform would format or take for mentions; it is repeated
 */
export function worstCases(
  hostile: string,
  mention: (nth: number) => Mention,
): [what: string, said: ChatMessage][] {
  const long = `Bartholomäus 😀 ${hostile}`.repeat(12).slice(0, 300);
  return [
    ['a card with a name and a reason of 300 characters', cardOfLongWords(long)],
    [
      'a card with 8 disks of long models',
      renderCard(view({ state: 'awaiting-approval', plan: { ...PLAN, disks: manyDisks(8) } })),
    ],
    [
      'a card with 64 disks of long models',
      renderCard(view({ state: 'awaiting-approval', plan: { ...PLAN, disks: manyDisks(64) } })),
    ],
    ['a card with 64 bars', cardOfManyBars()],
    ['a failure with a message of 10,000 characters', longFailure(long)],
    [
      '200 lines of 10,000 characters',
      message('log', { lines: Array.from({ length: 200 }, () => '&*😀'.repeat(2500)) }),
    ],
    ['a text of 200 lines', message(`${long}\n`.repeat(200), { lines: ['last'] })],
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
        buttons: Array.from({ length: 40 }, () => ({ ...button('cancel-anyway'), label: long, asks: long })),
      }),
    ],
    [
      '100 mentions before a long text',
      message(long.repeat(10), { mentions: Array.from({ length: 100 }, (_, n) => mention(n)) }),
    ],
    [
      '100 mentions above a card',
      message('x', { title: 'x', mentions: Array.from({ length: 100 }, (_, n) => mention(n)) }),
    ],
    ['a title of 300 emoji', message('x', { title: '👩‍👩‍👧'.repeat(300) })],
    ['a title and a footer of signs', message('x', { title: '*'.repeat(300), footer: '_'.repeat(3000) })],
    [
      '1000 paragraphs',
      message('x', { lines: Array.from({ length: 2000 }, (_, n) => (n % 2 === 0 ? '' : 'p')) }),
    ],
  ];
}

function cardOfLongWords(long: string): ChatMessage {
  return renderCard(
    view({ reason: long, testbox: { ...job().testbox, name: long }, state: 'awaiting-approval' }),
  );
}

function cardOfManyBars(): ChatMessage {
  const progress = manyDisks(64).map(({ slot }) => ({
    slot,
    totalBytes: 10,
    doneBytes: 5,
    writtenBytes: 0,
    skippedBytes: 0,
    bytesPerSecond: 1,
  }));
  return renderCard(view({ state: 'running' }, progress));
}

function longFailure(long: string): ChatMessage {
  const failure = { class: 'bug', code: 'x', message: long.repeat(34), logTail: [] } as const;
  return renderNotice(view({ state: 'stopped' }), { about: 'failed', failure }).message;
}

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
