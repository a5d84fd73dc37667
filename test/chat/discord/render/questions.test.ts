import { ButtonStyle } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../../src/chat/card.ts';
import { asksOf, confirmQuestion } from '../../../../src/chat/discord/render/asks.ts';
import { parseCustomId, toCustomId } from '../../../../src/chat/discord/render/custom-id.ts';
import { reasonModal } from '../../../../src/chat/discord/render/reason-modal.ts';
import { suggestionChoices } from '../../../../src/chat/discord/render/suggestions.ts';
import { JOB_STATES } from '../../../../src/domain/job.ts';
import { PLUTO_BOX } from '../../../fakes/app.ts';
import { view } from '../../slack/blocks/stories/jobs.ts';
import { checkMessage } from './check-message.ts';
import { hostileText } from './hostile.ts';

describe('the id of a button', () => {
  it.each([
    ['approve|7k3m9q2x:6dba', { kind: 'press', id: 'approve', value: '7k3m9q2x:6dba' }],
    ['?boot-local|7k3m9q2x', { kind: 'ask', id: 'boot-local', value: '7k3m9q2x' }],
    ['!boot-local|7k3m9q2x', { kind: 'sure', id: 'boot-local', value: '7k3m9q2x' }],
    ['dismiss-question|', { kind: 'press', id: 'dismiss-question', value: '' }],
    ['a|b|c', { kind: 'press', id: 'a', value: 'b|c' }],
  ] as const)('%s is read', (customId, click) => {
    expect(parseCustomId(customId)).toEqual(click);
    expect(toCustomId(click)).toBe(customId);
  });

  it.each(['', 'approve', '|x', '?|x', '??a|x', '!?a|x'])('%j is none of ours', (customId) => {
    expect(parseCustomId(customId)).toBeNull();
  });

  it('comes back as it was, or is not carried', () => {
    const kinds = fc.constantFrom('press' as const, 'ask' as const, 'sure' as const);
    fc.assert(
      fc.property(kinds, hostileText(), hostileText(), (kind, id, value) => {
        const customId = toCustomId({ kind, id, value });

        if (customId === null) return;
        expect(customId.length).toBeLessThanOrEqual(100);
        expect(parseCustomId(customId)).toEqual({ kind, id, value });
      }),
    );
  });

  it('has room for the answer where it has room for the question', () => {
    const click = { id: 'power-cycle', value: 'v'.repeat(87) };

    expect(toCustomId({ kind: 'ask', ...click })).toHaveLength(100);
    expect(toCustomId({ kind: 'sure', ...click })).toHaveLength(100);
    expect(toCustomId({ kind: 'ask', ...click, value: `${click.value}v` })).toBeNull();
  });
});

describe('the question before a click', () => {
  it('is known of every button of a card that asks', () => {
    const testbox = { ...PLUTO_BOX, power: { command: 'true' } as never };
    const cards = JOB_STATES.flatMap((state) => [
      renderCard({ ...view({ state }), testbox }),
      renderCard({ ...view({ state, dirty: ['sda'] }), testbox }),
    ]);

    const asking = cards.flatMap(({ buttons }) => buttons.filter(({ asks }) => asks !== undefined));

    expect(new Set(asking.map(({ id }) => id))).toEqual(
      new Set(['boot-local', 'power-cycle', 'cancel-anyway']),
    );
    for (const { id } of asking) expect(asksOf(id), id).toMatch(/\.$/);
  });

  it.each(['approve', 'toString', '__proto__', ''])('is none of ours for %j', (id) => {
    expect(asksOf(id)).toBeNull();
  });

  it('says what the click does, and has the button again beside one that does nothing', () => {
    const question = confirmQuestion({ id: 'power-cycle', value: '7k3m9q2x', label: 'Power-cycle' });

    expect(question.content).toBe(`**Power-cycle?**\n${asksOf('power-cycle')}`);
    expect(question.components.map((row) => row.components)).toEqual([
      [
        { type: 2, custom_id: '!power-cycle|7k3m9q2x', label: 'Power-cycle', style: ButtonStyle.Danger },
        { type: 2, custom_id: 'dismiss-question|', label: 'Not now', style: ButtonStyle.Secondary },
      ],
    ]);
  });

  it('says it of this job where the app can', () => {
    const button = { id: 'power-cycle', value: '7k3m9q2x', label: 'Power-cycle' };

    expect(confirmQuestion(button, 'pluto_1 is *off*.').content).toBe(
      '**Power-cycle?**\npluto\\_1 is \\*off\\*.',
    );
  });

  it('of a button that we know nothing of says that it is for good', () => {
    const question = confirmQuestion({ id: 'wipe', value: 'x', label: 'Wipe' });

    expect(question.content).toBe('**Wipe?**\nThis can not be taken back.');
    checkMessage({ ...question, content: question.content.replaceAll('**', '') });
  });
});

describe('the dialog for a reason', () => {
  it.each([
    ['deny', 'Deny this job'],
    ['cancel', 'Give a reason'],
  ])('of the button %s is called %j', (id, title) => {
    expect(reasonModal({ id, value: '7k3m9q2x' })).toMatchObject({
      custom_id: `${id}|7k3m9q2x`,
      title,
      components: [{ type: 18, component: { custom_id: 'reason', required: false, max_length: 300 } }],
    });
  });

  it('of a button that no message of ours can have is none', () => {
    expect(() => reasonModal({ id: '', value: 'x' })).toThrow(RangeError);
  });
});

describe('suggestions', () => {
  it('show the label and give the name', () => {
    expect(suggestionChoices([{ name: 'pluto', label: 'pluto 10.40.41.42: free' }])).toEqual([
      { name: 'pluto 10.40.41.42: free', value: 'pluto' },
    ]);
  });

  it('are cut to what a choice can show', () => {
    const [choice] = suggestionChoices([{ name: 'pluto', label: '😀'.repeat(80) }]);

    expect(choice?.name).toBe(`${'😀'.repeat(49)}…`);
  });

  it('leave out a name that a value has no room for, and are at most 25', () => {
    const boxes = Array.from({ length: 40 }, (_, n) => ({ name: `box-${n}`, label: `box-${n}` }));

    const choices = suggestionChoices([{ name: 'b'.repeat(101), label: 'b' }, ...boxes]);

    expect(choices.map(({ value }) => value)).toEqual(boxes.slice(0, 25).map(({ name }) => name));
  });
});
