import type { z } from 'zod';
import { withBlockIds } from './block-ids.ts';
import type { viewBlock } from './blocks/block-types.ts';
import type { OpenView } from './view-store.ts';

type ViewBlock = z.infer<typeof viewBlock>;
type Element = Extract<ViewBlock, { type: 'input' }>['element'];

/** A field of a dialog that a person can fill. */
export interface Field {
  blockId: string;
  actionId: string;
  label: string;
  required: boolean;
  element: Element;
}

interface Option {
  text: { text: string };
  value: string;
}

/** Fields of input blocks, in their order. */
export function fieldsOf(open: OpenView): readonly Field[] {
  return blocksOf(open).flatMap((block) => {
    if (block.type !== 'input' || block.element.action_id === undefined) return [];
    const { element, label, optional } = block;
    const blockId = block.block_id ?? '';
    const place = { blockId, actionId: block.element.action_id, label: label.text };
    return [{ ...place, required: optional !== true, element }];
  });
}

/** `state.values`: what stands in each field, by block and action. */
export function stateOf(open: OpenView): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {};
  for (const field of fieldsOf(open)) {
    values[field.blockId] = { ...values[field.blockId], [field.actionId]: stateIn(open, field) };
  }
  return values;
}

/**
 * The dialog with these fields filled, as the client lets it be submitted.
 *
 * @throws Error with what the client would say
 */
export function filled(open: OpenView, texts: Readonly<Record<string, string>>): OpenView {
  const fields = fieldsOf(open);
  const names = fields.map(({ actionId }) => actionId);
  const unknown = Object.keys(texts).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`The dialog has no field "${unknown}"; it has ${names.join(', ') || 'none'}.`);
  }
  const typed = { ...open, typed: { ...open.typed, ...texts } };
  for (const field of fields) refuseValue(typed, field);
  return typed;
}

/** An option that the field offers now; null when it doesn't. */
function offered(open: OpenView, { actionId, element }: Field, value: string): Option | null {
  const matches = (option: Option): boolean => option.value === value;
  switch (element.type) {
    case 'static_select': {
      const groups = element.option_groups?.flatMap(({ options }) => options);
      return (element.options ?? groups ?? []).find(matches) ?? null;
    }
    case 'external_select': {
      if (element.initial_option?.value === value) return element.initial_option;
      const found = open.offered[actionId]?.find((suggestion) => suggestion.value === value);
      return found === undefined ? null : { text: plain(found.text), value };
    }
    case 'radio_buttons':
    case 'checkboxes':
      return element.options.find(matches) ?? null;
    case 'plain_text_input':
      return null;
  }
}

function refuseValue(open: OpenView, field: Field): void {
  const { element, label, actionId } = field;
  const text = textIn(open, field);
  if (text === '') {
    if (field.required) throw new Error(`The client says "Please complete this required field" at ${label}.`);
    return;
  }
  if (element.type === 'plain_text_input') {
    const { min_length = 0, max_length = 3000 } = element;
    if (text.length >= min_length && text.length <= max_length) return;
    throw new Error(`${label} takes ${min_length} to ${max_length} characters, got ${text.length}.`);
  }
  for (const value of chosen(field, text)) {
    if (offered(open, field, value) !== null) continue;
    const hint = element.type === 'external_select' ? '; what did `suggest` give last?' : '';
    throw new Error(`${label} (${actionId}) doesn't offer "${value}"${hint}`);
  }
}

function stateIn(open: OpenView, field: Field): Record<string, unknown> {
  const { element } = field;
  const text = textIn(open, field);
  if (element.type === 'plain_text_input') return { type: element.type, value: text === '' ? null : text };
  const options = chosen(field, text).map((value) => offered(open, field, value));
  if (element.type === 'checkboxes') return { type: element.type, selected_options: options };
  return { type: element.type, selected_option: options[0] ?? null };
}

/** What was typed, or what the field began with. Values of several boxes are separated by commas. */
function textIn(open: OpenView, { actionId, element }: Field): string {
  return open.typed[actionId] ?? initialText(element);
}

function initialText(element: Element): string {
  if (element.type === 'plain_text_input') return element.initial_value ?? '';
  if (element.type === 'checkboxes') return (element.initial_options ?? []).map(({ value }) => value).join();
  return element.initial_option?.value ?? '';
}

function chosen({ element }: Field, text: string): readonly string[] {
  if (text === '') return [];
  return element.type === 'checkboxes' ? text.split(',') : [text];
}

/** Views are stored after `checkView`, so their blocks are of these shapes. */
function blocksOf(open: OpenView): readonly ViewBlock[] {
  return withBlockIds(open.view.blocks, open.id) as readonly ViewBlock[];
}

function plain(text: string): { type: 'plain_text'; text: string; emoji: true } {
  return { type: 'plain_text', text, emoji: true };
}
