import { describe, expect, it } from 'vitest';
import { PlainLog } from '../../../src/chat/console/plain-log.ts';
import { type RenderStyle, renderEntry, renderMessage } from '../../../src/chat/console/render.ts';
import type { RoomMessage } from '../../../src/chat/console/room.ts';
import { cutToWidth, textWidth, wrapToWidth } from '../../../src/chat/console/text-width.ts';
import type { ChatMessage } from '../../../src/chat/platform.ts';
import { message } from '../../contracts/chat-platform.ts';

const CARD: ChatMessage = message('Restore of pluto is running', {
  title: 'pluto · restore',
  lines: ['asked by alice', '', 'approved by bob'],
  footer: '10.40.41.42 · job 7k3m9q2x',
  bars: [
    { label: 'sda', fraction: 0.999, note: '112 MB/s, 1 s left' },
    { label: 'sdb', fraction: 0.25, note: '' },
  ],
  buttons: [
    { id: 'approve', value: '7k3m9q2x', label: 'Approve', style: 'primary' },
    { id: 'deny', value: '7k3m9q2x', label: 'Deny', style: 'danger' },
  ],
  mentions: [{ platform: 'console', user: 'bob' }],
  attachment: { name: 'log.txt', content: 'one\ntwo\n' },
});
const numbers: Record<string, number> = { approve: 1, deny: 2 };
const NUMBERED: RenderStyle = { colour: false, numberOf: ({ id }) => numbers[id] ?? null };

function entry(more: Partial<RoomMessage>): RoomMessage {
  return {
    ref: 'message-1',
    channel: 'lab',
    thread: null,
    broadcast: false,
    onlyFor: null,
    message: CARD,
    ...more,
  };
}

describe('a rendered message', () => {
  it('looks like this', async () => {
    await expect(`${renderMessage(CARD, NUMBERED).join('\n')}\n`).toMatchFileSnapshot('golden/card.txt');
  });

  it('looks like this in colour', async () => {
    const lines = renderMessage(CARD, { ...NUMBERED, colour: true });

    await expect(`${JSON.stringify(lines, null, 1)}\n`).toMatchFileSnapshot('golden/card-colour.txt');
  });

  it('is indented in a thread and marked when private', async () => {
    const inThread = renderEntry(
      entry({ thread: 'message-0', message: message('rebooting\nnow') }),
      NUMBERED,
    );
    const toAlice = renderEntry(entry({ onlyFor: 'alice', message: message('the plan') }), NUMBERED);

    expect(inThread).toEqual(['│ rebooting', '│ now']);
    expect(toAlice).toEqual(['(only alice sees this)', 'the plan']);
  });

  it('says where its card is when that is in another channel', () => {
    const at = (channel: string) => message('busy', { card: { channel, ref: 'message-7' } });

    expect(renderEntry(entry({ message: at('attic') }), NUMBERED)).toEqual([
      'busy',
      '  the card is in attic',
    ]);
    expect(renderEntry(entry({ message: at('lab') }), NUMBERED)).toEqual(['busy']);
  });

  it('never carries out escape sequences of others', () => {
    const evil = message('\u001b[2Jgone', { title: 'a\u0007b', lines: ['\u001b]0;x\u0007y\rz'] });

    expect(renderMessage(evil, NUMBERED).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('the plain log', () => {
  const posted = (text: ChatMessage, kind: 'posted' | 'edited' = 'posted') =>
    ({ kind, revision: 1, entry: entry({ message: text }) }) as const;

  it('prints a card again only when more than its bars changed', () => {
    const log = new PlainLog();
    const further = { ...CARD, bars: [{ label: 'sda', fraction: 1, note: '' }] };
    const other = { ...further, lines: ['done'] };

    expect(log.linesFor(posted(CARD))).toContain('  pluto · restore'.replace('pluto', '@bob pluto'));
    expect(log.linesFor(posted(further, 'edited'))).toEqual([]);
    expect(log.linesFor(posted(other, 'edited'))).toContain('    done');
  });
});

describe('text on a terminal', () => {
  it.each([
    ['abc', 3],
    ['\u001b[32mabc\u001b[39m', 3],
    ['✅ ok', 5],
    ['█░', 2],
    ['日本', 4],
  ])('%j takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is wrapped between words', () => {
    expect(wrapToWidth('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapToWidth('unbreakable word', 5)).toEqual(['unbreakable', 'word']);
    expect(wrapToWidth('', 5)).toEqual(['']);
  });

  it('is cut with its colours closed', () => {
    expect(cutToWidth('abcdef', 4)).toBe('abc…');
    expect(cutToWidth('\u001b[32mabcdef\u001b[39m', 4)).toBe('\u001b[32mabc…\u001b[0m');
    expect(cutToWidth('✅✅✅', 4)).toBe('✅…');
    expect(cutToWidth('abcd', 4)).toBe('abcd');
  });
});
