import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { checkBlocks, checkView } from './blocks.ts';
import { refusal, workspace } from './scene.ts';
import { LAB } from './workspace.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string, more: object = {}) => ({ type: 'section', text: mrkdwn(text), ...more });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const confirm = (more: object = {}) => ({
  ...{ title: plain('Sure?'), text: plain('It goes.'), confirm: plain('Go'), deny: plain('Stay') },
  ...more,
});
const option = (value: string, more: object = {}) => ({ text: plain(value), value, ...more });
const select = (more: object = {}) => ({ type: 'static_select', action_id: 'pick', ...more });
const input = (element: object, more: object = {}) => ({
  ...{ type: 'input', block_id: 'box', label: plain('Box'), element },
  ...more,
});
const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const task = (id: string, more: object = {}) => ({ task_id: id, title: 'Copy', status: 'pending', ...more });

function said(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return JSON.stringify((error as { more?: unknown }).more);
  }
  return 'taken';
}

const inMessage = (...blocks: object[]) => said(() => checkBlocks(blocks));
const inModal = (more: object) =>
  said(() => checkView({ type: 'modal', title: plain('Request'), submit: plain('Go'), ...more }, 'modal'));

describe('the blocks of a message', () => {
  it.each<[string, object[]]>([
    ['texts at their longest', [section('x'.repeat(3000)), { type: 'header', text: plain('x'.repeat(150)) }]],
    ['ten fields', [{ type: 'section', fields: many(10).map(() => mrkdwn('x'.repeat(2000))) }]],
    ['ten in a context', [{ type: 'context', elements: many(10).map(mrkdwn) }]],
    ['25 buttons', [actions(...many(25).map((action_id) => button({ action_id })))]],
    ['a button at its longest', [actions(button({ text: plain('x'.repeat(75)), value: 'x'.repeat(2000) }))]],
    ['a question before a click', [actions(button({ style: 'danger', confirm: confirm() }))]],
    ['a plan', [{ type: 'plan', title: 'Backup', tasks: [task('1'), task('2', { type: 'task_card' })] }]],
    ['the same button in two blocks', [actions(button()), section('x', { accessory: button() })]],
    ['fifty blocks', many(50).map(() => ({ type: 'divider' }))],
  ])('may be %s', (_, blocks) => {
    expect(inMessage(...blocks)).toBe('taken');
  });

  it.each<[string, object[], string]>([
    ['51 blocks', many(51).map(() => ({ type: 'divider' })), 'no more than 50 items allowed'],
    ['an unknown block', [{ type: 'banner' }], '/blocks/0/type'],
    ['an unknown key', [section('x', { colour: 'red' })], 'colour'],
    ['a section without a text', [{ type: 'section' }], 'one of text and fields is needed'],
    ['an empty text', [section('')], '/blocks/0/text/text'],
    ['a text that is too long', [section('x'.repeat(3001))], 'must be less than 3001 characters'],
    ['eleven fields', [{ type: 'section', fields: many(11).map(mrkdwn) }], '/blocks/0/fields'],
    ['a formatted header', [{ type: 'header', text: mrkdwn('x') }], '/blocks/0/text/type'],
    ['a long header', [{ type: 'header', text: plain('x'.repeat(151)) }], 'less than 151'],
    ['eleven in a context', [{ type: 'context', elements: many(11).map(mrkdwn) }], 'no more than 10'],
    ['no button in a row', [actions()], 'must provide at least 1 item'],
    ['26 buttons', [actions(...many(26).map((action_id) => button({ action_id })))], 'no more than 25'],
    ['a long label', [actions(button({ text: plain('x'.repeat(76)) }))], 'less than 76'],
    ['a button without a label', [actions(button({ text: plain('') }))], 'more than 0 characters'],
    ['a long value', [actions(button({ value: 'x'.repeat(2001) }))], 'less than 2001'],
    ['another style', [actions(button({ style: 'plain' }))], '/blocks/0/elements/0/style'],
    ['a long action id', [actions(button({ action_id: 'x'.repeat(256) }))], 'less than 256'],
    ['a long block id', [section('x', { block_id: 'x'.repeat(256) })], 'less than 256'],
    [
      'a question of many words',
      [actions(button({ confirm: confirm({ title: plain('x'.repeat(101)) }) }))],
      '101',
    ],
    [
      'a question without answers',
      [actions(button({ confirm: confirm({ deny: undefined }) }))],
      'confirm/deny',
    ],
    ['a button twice in a block', [actions(button(), button())], 'action_id already exists: go'],
    [
      'a block id twice',
      [section('x', { block_id: 'a' }), section('y', { block_id: 'a' })],
      'block_id already',
    ],
    ['an input', [input({ type: 'plain_text_input', action_id: 'why' })], '/blocks/0/type'],
    ['a text field in a row', [actions({ type: 'plain_text_input', action_id: 'why' })], 'elements/0/type'],
    ['a task twice', [{ type: 'plan', title: 'x', tasks: [task('1'), task('1')] }], 'task_id must be unique'],
    [
      'a task of no known state',
      [{ type: 'plan', title: 'x', tasks: [task('1', { status: 'held' })] }],
      'status',
    ],
  ])('are refused with %s', (_, blocks, note) => {
    expect(inMessage(...blocks)).toContain(note);
  });

  it('are refused over the wire with notes of what is wrong where', async () => {
    const { slack, web } = await workspace();
    const blocks = [section('')] as KnownBlock[];

    const refused = await refusal(web.chat.postMessage({ channel: LAB, text: 'x', blocks }));

    expect(refused).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: {
        messages: ['[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
      },
    });
    expect(slack.as('UALICE').sees()).toEqual([]);
    const unreadable = web.apiCall('chat.postMessage', { channel: LAB, text: 'x', blocks: '[' });
    expect((await refusal(unreadable)).error).toBe('invalid_blocks_format');
  });
});

describe('a dialog', () => {
  const text = { type: 'plain_text_input', action_id: 'why' };

  it.each<[string, object]>([
    [
      'fields and options at their most',
      { blocks: [input(select({ options: many(100).map((v) => option(v)) }))] },
    ],
    ['a hundred blocks', { blocks: many(100).map(() => ({ type: 'divider' })) }],
    ['notes for itself', { blocks: [], private_metadata: 'x'.repeat(3000), callback_id: 'x'.repeat(255) }],
    [
      'what is looked up',
      { blocks: [input({ type: 'external_select', action_id: 'box', min_query_length: 0 })] },
    ],
  ])('may have %s', (_, view) => {
    expect(inModal(view)).toBe('taken');
  });

  it.each<[string, object, string]>([
    ['101 blocks', { blocks: many(101).map(() => ({ type: 'divider' })) }, 'no more than 100'],
    ['a long title', { blocks: [], title: plain('x'.repeat(25)) }, 'less than 25'],
    ['a long button', { blocks: [], submit: plain('x'.repeat(25)) }, 'less than 25'],
    ['long notes', { blocks: [], private_metadata: 'x'.repeat(3001) }, 'less than 3001'],
    ['fields, but no button', { blocks: [input(text)], submit: undefined }, 'submit is needed'],
    ['a field without a label', { blocks: [input(text, { label: undefined })] }, '/view/blocks/0/label'],
    [
      '101 options',
      { blocks: [input(select({ options: many(101).map((v) => option(v)) }))] },
      'no more than 100',
    ],
    ['no options', { blocks: [input(select())] }, 'exactly one of options and option_groups'],
    ['a long option', { blocks: [input(select({ options: [option('x'.repeat(76))] }))] }, 'less than 76'],
    [
      'a first option that is not offered',
      { blocks: [input(select({ options: [option('a')], initial_option: option('b') }))] },
      'initial_option',
    ],
    ['a button as a field', { blocks: [input(button())] }, '/view/blocks/0/element/type'],
    ['a plan', { blocks: [{ type: 'plan', title: 'x' }] }, '/view/blocks/0/type'],
    ['a field twice', { blocks: [input(text), input(text)] }, 'block_id already exists: box'],
  ])('is refused with %s', (_, view, note) => {
    expect(inModal(view)).toContain(note);
  });

  it('is no Home, which has no title', () => {
    expect(said(() => checkView({ type: 'home', blocks: [] }, 'home'))).toBe('taken');
    expect(said(() => checkView({ type: 'home', blocks: [], title: plain('x') }, 'home'))).toContain('title');
    expect(said(() => checkView({ type: 'home', blocks: [] }, 'modal'))).toContain('/view/type');
  });
});
