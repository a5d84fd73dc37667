import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import type { Button, ChatMessage } from '../../../../src/chat/platform.ts';
import { messageBlocks } from '../../../../src/chat/slack/blocks/message.ts';
import { message } from '../../../contracts/chat-platform.ts';
import { checkMessage, mrkdwnTexts } from './check-message.ts';
import { CARD, links } from './stories/people.ts';

function render(said: ChatMessage): { text: string; blocks: KnownBlock[]; said: string } {
  const rendered = messageBlocks(said, links);
  checkMessage(rendered);
  return { ...rendered, said: mrkdwnTexts(rendered.blocks).join('\n') };
}

function types(blocks: readonly KnownBlock[]): string[] {
  return blocks.map(({ type }) => type);
}

function buttonRows(blocks: readonly KnownBlock[]): string[][] {
  return blocks.flatMap((block) =>
    block.type === 'actions' ? [block.elements.map((element) => element.action_id ?? '')] : [],
  );
}

const press = (id: string, more: Partial<Button> = {}): Button => ({
  id,
  value: '7k3m9q2x',
  label: id,
  style: 'plain',
  ...more,
});

describe('a message', () => {
  it('has its title, bars, lines, ids, link and buttons in this order', () => {
    const { blocks, text } = render(
      message('restore pluto: writing', {
        title: 'restore pluto',
        lines: ['asked by Alice'],
        bars: [{ label: 'sda', fraction: 0.5, note: '50%' }],
        footer: 'job 7k3m9q2x',
        card: CARD,
        buttons: [press('cancel')],
      }),
    );

    expect(types(blocks)).toEqual(['header', 'section', 'section', 'context', 'context', 'actions']);
    expect(mrkdwnTexts(blocks)).toEqual([
      '`sda ██████░░░░░░` 50%',
      'asked by Alice',
      'job 7k3m9q2x',
      links(CARD),
    ]);
    expect(text).toBe(
      ['restore pluto: writing', 'asked by Alice', 'sda 50%', 'job 7k3m9q2x', links(CARD)].join('\n'),
    );
  });

  it('without a title begins with its text', () => {
    expect(render(message('Approved by Bob.')).blocks).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: 'Approved by Bob.', verbatim: true }, expand: true },
    ]);
  });

  it('mentions people and groups of Slack in front of its first text, once', () => {
    const { said, text } = render(
      message('Please approve.', {
        mentions: [
          { platform: 'slack', user: 'U0BOB' },
          { platform: 'slack', user: 'U0BOB' },
          { platform: 'slack', group: 'S0LAB' },
          { platform: 'console', user: 'carol' },
        ],
      }),
    );

    expect(said).toBe('<@U0BOB> <!subteam^S0LAB> Please approve.');
    expect(text).toBe(said);
  });

  it('with a title and nothing else mentions people all the same', () => {
    const { said } = render(
      message('x', { title: 'held', mentions: [{ platform: 'slack', user: 'U0BOB' }] }),
    );

    expect(said).toBe('<@U0BOB>');
  });

  it('keeps indented lines apart and paragraphs in sections of their own', () => {
    const { blocks } = render(message('Disks:', { lines: ['  sda: 8 GiB', '', 'takes 4 min'] }));

    expect(mrkdwnTexts(blocks)).toEqual(['Disks:\n\u2007• sda: 8 GiB', 'takes 4 min']);
  });

  it('writes bars below each other, whatever the disks are called', () => {
    const bars = ['sda', 'nvme0n1', 'a`b&c'].map((label) => ({ label, fraction: 0.999, note: '' }));

    const [lines = ''] = mrkdwnTexts(render(message('x', { title: 'x', bars })).blocks);

    expect(lines.split('\n')).toEqual(
      ['sda      ', 'nvme0n1  ', 'a\u02cbb&amp;c'].map((label) => `\`${label} ${'█'.repeat(11)}░\``),
    );
  });

  it('says something when there is nothing to say', () => {
    expect(render(message('')).said).toBe('…');
  });

  it('does not show what its boxes and people wrote as formatting or mentions', () => {
    const { said, text } = render(
      message('denied by <!channel>: `rm -rf *`', { lines: ['reason: ``` <@U0BOB> & co', '> quoted'] }),
    );

    expect(said).toBe(
      'denied by &lt;!channel&gt;: `rm -rf *`\nreason: \u02cb\u02cb\u02cb &lt;@U0BOB&gt; &amp; co\n\u203a quoted',
    );
    expect(text).toBe(said);
  });

  it('counts the lines that have no room', () => {
    const { said, text } = render(
      message('log', { lines: Array.from({ length: 2000 }, (_, n) => `line ${n}`) }),
    );

    const shown = said.match(/^line \d+$/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(500);
    expect(said.endsWith(`… and ${2000 - shown} more lines`)).toBe(true);
    expect(text.endsWith('…')).toBe(true);
  });
});

describe('buttons', () => {
  it('stand five in a row, an id once in each', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'plan', 'plan'];

    const { blocks } = render(message('x', { buttons: ids.map((id) => press(id)) }));

    expect(buttonRows(blocks)).toEqual([['a', 'b', 'c', 'd', 'e'], ['f', 'plan'], ['plan']]);
  });

  it('bear id, value and style', () => {
    const { blocks } = render(
      message('x', { buttons: [press('approve', { label: 'Approve', style: 'primary' })] }),
    );

    expect(blocks.at(-1)).toEqual({
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          value: '7k3m9q2x',
          style: 'primary',
          text: { type: 'plain_text', text: 'Approve', emoji: true },
        },
      ],
    });
  });

  it('that Slack can not carry are left out rather than changed', () => {
    const { blocks } = render(
      message('x', {
        buttons: [press('i'.repeat(256)), press('long', { value: 'v'.repeat(2001) }), press('good')],
      }),
    );

    expect(buttonRows(blocks)).toEqual([['good']]);
  });

  it('that can not be taken back ask what they do before they do it', () => {
    const label = 'Boot local disk anyway';
    const asks = 'pluto boots with a half-written disk (sda).';
    const { blocks } = render(
      message('x', { buttons: [press('boot-local', { label, style: 'danger', asks })] }),
    );

    const [element] = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(element).toMatchObject({
      confirm: {
        title: { text: `${label}?` },
        text: { text: asks },
        confirm: { text: label },
        deny: { text: 'Not now' },
        style: 'danger',
      },
    });
  });

  it('that say nothing of it ask nothing', () => {
    const { blocks } = render(message('x', { buttons: [press('approve'), press('cancel')] }));

    expect(JSON.stringify(blocks)).not.toContain('confirm');
  });
});
