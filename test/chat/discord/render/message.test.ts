import { ButtonStyle } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { signOf } from '../../../../src/chat/card/stages.ts';
import { colourOf } from '../../../../src/chat/discord/render/colours.ts';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';
import {
  type DiscordPayload,
  discordMessage,
  plainMessage,
} from '../../../../src/chat/discord/render/message.ts';
import type { Button, ChatMessage, Mention } from '../../../../src/chat/platform.ts';
import { JOB_STATES } from '../../../../src/domain/job.ts';
import { message } from '../../../contracts/chat-platform.ts';
import { checkMessage } from './check-message.ts';
import { CARD, GUILD } from './stories/people.ts';

const links = cardLinks(GUILD);
const ALICE: Mention = { platform: 'discord', user: '100' };
const LAB: Mention = { platform: 'discord', group: '200' };

function render(said: ChatMessage): DiscordPayload {
  const payload = discordMessage(said, links);
  checkMessage(payload);
  return payload;
}

function buttonIds({ components }: DiscordPayload): string[][] {
  return components.map((row) => row.components.map((one) => one.custom_id));
}

const press = (id: string, more: Partial<Button> = {}): Button => ({
  id,
  value: '7k3m9q2x',
  label: id,
  style: 'plain',
  ...more,
});

const CARD_MESSAGE = message('restore pluto: writing', {
  title: '⏳ restore pluto',
  lines: ['asked by Alice'],
  bars: [{ label: 'sda', fraction: 0.5, note: '50%' }],
  footer: 'job 7k3m9q2x',
  card: CARD,
  buttons: [press('cancel')],
});

describe('a message with a title', () => {
  it('is an embed with bars, lines and link in this order, the ids below, the buttons outside', () => {
    const { content, embeds, components } = render(CARD_MESSAGE);

    expect(content).toBe('');
    expect(embeds).toEqual([
      {
        title: '⏳ restore pluto',
        description: `\`sda ██████░░░░░░\` 50%\n\nasked by Alice\n${links(CARD)}`,
        color: 0x3498db,
        footer: { text: 'job 7k3m9q2x' },
      },
    ]);
    expect(components).toHaveLength(1);
  });

  it('says in its content whom it calls, and to what', () => {
    const { content, allowed_mentions } = render({ ...CARD_MESSAGE, mentions: [ALICE] });

    expect(content).toBe('<@100> restore pluto: writing');
    expect(allowed_mentions).toEqual({ parse: [], users: ['100'], roles: [] });
  });

  it.each(JOB_STATES)('has a colour when the job is %s', (state) => {
    expect(colourOf(`${signOf(state)} restore pluto`)).toBeTypeOf('number');
  });

  it('without a sign has no colour', () => {
    const [embed] = render(message('x', { title: 'Images' })).embeds;

    expect(embed).not.toHaveProperty('color');
  });

  it('shows in its title what was written', () => {
    const [embed] = render(message('x', { title: '🛑 _a_ <@1> *b*\nc' })).embeds;

    expect(embed?.title).toBe('🛑 \\_a\\_ \\<@1> \\*b\\* c');
  });
});

describe('a message without a title', () => {
  it('is content alone, exactly as it is said', () => {
    expect(render(message('Approved by Bob.'))).toEqual({
      content: 'Approved by Bob.',
      embeds: [],
      components: [],
      allowed_mentions: { parse: [], users: [], roles: [] },
    });
  });

  it('has its lines, bars, ids and link below the text', () => {
    const { content } = render({ ...CARD_MESSAGE, title: null });

    expect(content.split('\n')).toEqual([
      'restore pluto: writing',
      'asked by Alice',
      '`sda ██████░░░░░░` 50%',
      '-# job 7k3m9q2x',
      links(CARD),
    ]);
  });

  it('has what has no room in the content in an embed', () => {
    const lines = Array.from({ length: 40 }, (_, n) => `box-${n} ${'x'.repeat(80)}`);

    const { content, embeds } = render(message('40 boxes', { lines }));

    expect(content).toBe('40 boxes');
    expect(embeds).toEqual([{ description: lines.join('\n') }]);
  });

  it('counts the lines that have no room at all', () => {
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n}`);

    const [embed] = render(message('log', { lines })).embeds;

    const said = embed?.description ?? '';
    const shown = said.match(/^line \d+$/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(350);
    expect(said.endsWith(`\n… and ${2000 - shown} more lines`)).toBe(true);
  });

  it('says something when there is nothing to say', () => {
    expect(render(message('')).content).toBe('…');
  });
});

describe('mentions', () => {
  it('stand in front, each once, and are all that is notified', () => {
    const mentions: Mention[] = [ALICE, ALICE, LAB, { platform: 'slack', user: 'U0BOB' }];

    const { content, allowed_mentions } = render(message('Please approve.', { mentions }));

    expect(content).toBe('<@100> <@&200> Please approve.');
    expect(allowed_mentions).toEqual({ parse: [], users: ['100'], roles: ['200'] });
  });

  it('of what is no id are left out', () => {
    const mentions: Mention[] = [{ platform: 'discord', user: 'everyone> @here' }];

    expect(render(message('x', { mentions })).content).toBe('x');
  });

  it('that boxes and people write notify nobody and are no markdown', () => {
    const said = message('denied by @everyone: `rm -rf *`', { lines: ['reason: ``` <@100>', '  - a *b*'] });

    const { content, allowed_mentions } = render(said);

    expect(content).toBe(
      'denied by @\u200beveryone: `rm -rf *`\nreason: \\`\\`\\` \\<@100>\n- \\- a \\*b\\*',
    );
    expect(allowed_mentions).toEqual({ parse: [], users: [], roles: [] });
  });
});

describe('buttons', () => {
  it('stand five in a row, in five rows', () => {
    const buttons = Array.from({ length: 27 }, (_, n) => press(`plan-${n}`));

    const rows = buttonIds(render(message('x', { buttons })));

    expect(rows.map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
    expect(rows[1]?.[0]).toBe('plan-5|7k3m9q2x');
  });

  it('bear id, value and style', () => {
    const buttons = [
      press('approve', { label: 'Approve', style: 'primary' }),
      press('deny', { style: 'danger' }),
      press('cancel'),
    ];

    const [row] = render(message('x', { buttons })).components;

    expect(row?.components[0]).toEqual({
      type: 2,
      custom_id: 'approve|7k3m9q2x',
      label: 'Approve',
      style: ButtonStyle.Success,
    });
    expect(row?.components.map(({ style }) => style)).toEqual([
      ButtonStyle.Success,
      ButtonStyle.Danger,
      ButtonStyle.Secondary,
    ]);
  });

  it('that can not be taken back open a question', () => {
    const buttons = [press('power-cycle', { asks: 'The box is switched off.' })];

    expect(buttonIds(render(message('x', { buttons })))).toEqual([['?power-cycle|7k3m9q2x']]);
  });

  it('that Discord can not carry are left out rather than changed', () => {
    const buttons = [
      press('long', { value: 'v'.repeat(96) }),
      press('a|b'),
      press('!sure'),
      press(''),
      press('fits', { value: 'v'.repeat(95) }),
    ];

    expect(buttonIds(render(message('x', { buttons })))).toEqual([[`fits|${'v'.repeat(95)}`]]);
  });

  it('of one id and value are there once, where the first is', () => {
    const buttons = [
      press('cancel', { label: 'first' }),
      press('retry'),
      press('cancel', { label: 'second' }),
    ];

    const [row] = render(message('x', { buttons })).components;

    expect(row?.components.map(({ label }) => label)).toEqual(['first', 'retry']);
  });
});

describe('the words alone', () => {
  it('say all of it in the content', () => {
    const payload = plainMessage({ ...CARD_MESSAGE, mentions: [ALICE] }, links);

    checkMessage(payload);
    expect(payload).toEqual({
      content: [
        '<@100> restore pluto: writing',
        'asked by Alice',
        '`sda ██████░░░░░░` 50%',
        '-# job 7k3m9q2x',
        links(CARD),
      ].join('\n'),
      embeds: [],
      components: [],
      allowed_mentions: { parse: [], users: ['100'], roles: [] },
    });
  });

  it('say how many lines they leave out', () => {
    const lines = Array.from({ length: 500 }, (_, n) => `line ${n}`);

    const { content } = plainMessage(message('log', { lines }), links);

    const shown = content.match(/^line \d+$/gm)?.length ?? 0;
    expect(content.length).toBeLessThanOrEqual(2000);
    expect(content.endsWith(`… and ${500 - shown} more lines`)).toBe(true);
  });
});
