import { describe, expect, it } from 'vitest';
import type { HomePage } from '../../../../src/chat/platform.ts';
import { homeView } from '../../../../src/chat/slack/blocks/home.ts';
import { reasonFormView } from '../../../../src/chat/slack/blocks/reason-form.ts';
import { requestFormView } from '../../../../src/chat/slack/blocks/request-form.ts';
import { suggestionOptions } from '../../../../src/chat/slack/blocks/suggestions.ts';
import { checkView } from '../../../fakes/slack/blocks.ts';
import { mrkdwnTexts } from './check-message.ts';
import { REQUEST_FORM } from './stories/home.ts';
import { CARD, links } from './stories/people.ts';

const METADATA = { privateMetadata: 'where it was opened' };

describe('the dialog for a new job', () => {
  it('starts from the box of its thread, and from no action', () => {
    const view = requestFormView(REQUEST_FORM, METADATA);

    const [box, action] = view.blocks;
    expect(box).toMatchObject({
      block_id: 'box',
      element: { initial_option: { value: 'pluto' }, min_query_length: 0 },
    });
    expect(action).toMatchObject({ block_id: 'action', element: { type: 'static_select' } });
    expect(JSON.stringify(action)).not.toContain('initial_option');
    expect(view.private_metadata).toBe('where it was opened');
  });

  it('elsewhere starts from nothing, with the box to be typed first', () => {
    const [box] = requestFormView({ ...REQUEST_FORM, box: null }, METADATA).blocks;

    expect(box).toMatchObject({ element: { focus_on_load: true } });
    expect(JSON.stringify(box)).not.toContain('initial_option');
  });

  it('needs box and action, and takes reasons of up to 300 characters', () => {
    const { blocks } = requestFormView(REQUEST_FORM, METADATA);

    const optional = blocks.map((block) => ('optional' in block ? block.optional : undefined));
    expect(optional).toEqual([undefined, undefined, true, true, true, true, true, undefined]);
    expect(blocks[6]).toMatchObject({ block_id: 'reason', element: { multiline: true, max_length: 300 } });
  });
});

describe('the dialog for a reason', () => {
  it.each([
    ['deny', 'Deny this job', 'Deny'],
    ['cancel', 'Give a reason', 'Send'],
  ])('of the button %s is called %j', (buttonId, title, submit) => {
    expect(reasonFormView({ buttonId, ...METADATA })).toMatchObject({
      title: { text: title },
      submit: { text: submit },
      callback_id: 'reason-form',
      private_metadata: 'where it was opened',
      blocks: [{ block_id: 'reason', optional: true, element: { action_id: 'reason', max_length: 300 } }],
    });
  });
});

describe('suggestions', () => {
  it('show the label and give the name', () => {
    expect(suggestionOptions([{ name: 'pluto', label: 'pluto 10.40.41.42: free' }])).toEqual([
      { text: { type: 'plain_text', text: 'pluto 10.40.41.42: free', emoji: true }, value: 'pluto' },
    ]);
  });

  it('leave out a name that a value has no room for', () => {
    expect(suggestionOptions([{ name: 'b'.repeat(76), label: 'b' }])).toEqual([]);
  });
});

describe('the Home tab', () => {
  const at = Date.UTC(2026, 10, 22, 17, 28);
  const page = (sections: HomePage['sections']) => homeView({ at, sections }, links);

  it('begins with a new job and ends with the time, in whatever zone the reader is', () => {
    const { blocks } = page([]);

    expect(blocks[0]).toMatchObject({
      elements: [{ action_id: 'open-form', style: 'primary' }, { action_id: 'refresh-home' }],
    });
    expect(mrkdwnTexts(blocks)).toEqual([
      `As of <!date^${at / 1000}^{date_short_pretty} at {time}|2026-11-22 17:28 UTC>.`,
    ]);
  });

  it('links entries to their cards, and says what an empty section is empty of', () => {
    const { blocks } = page([
      { title: 'At work', empty: 'nothing', entries: [{ text: 'restore <pluto>', card: CARD }] },
      { title: 'Yours', empty: 'You have asked for no jobs yet.', entries: [] },
    ]);

    expect(mrkdwnTexts(blocks).slice(0, 2)).toEqual([
      `restore &lt;pluto&gt;\u00a0· ${links(CARD)}`,
      'You have asked for no jobs yet.',
    ]);
  });

  it('packs ten entries into a section', () => {
    const entries = Array.from({ length: 60 }, (_, n) => ({ text: `box-${n}`, card: null }));

    const view = page([{ title: 'Boxes', empty: '', entries }]);

    checkView(view, 'home');
    expect(view.blocks.filter(({ type }) => type === 'section')).toHaveLength(6);
    expect(mrkdwnTexts(view).join('\n')).toContain('box-59');
  });

  it('of a huge fleet says how much it does not show', () => {
    const entries = Array.from({ length: 2000 }, (_, n) => ({
      text: `box-${n} ${'x'.repeat(100)}`,
      card: null,
    }));

    const view = page([{ title: 'Boxes', empty: '', entries }]);

    checkView(view, 'home');
    const said = mrkdwnTexts(view).join('\n');
    const shown = said.match(/^box-\d+ /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(400);
    expect(said).toContain(`… and ${2000 - shown} more`);
  });

  it('of more sections than there is room for says so', () => {
    const sections = Array.from({ length: 60 }, (_, n) => ({ title: `S${n}`, empty: 'none', entries: [] }));

    const view = page(sections);

    checkView(view, 'home');
    expect(mrkdwnTexts(view)).toContain('… and 20 more sections');
  });
});
