import type { InputBlock, PlainTextElement } from '@slack/types';
import { escapeHtml } from './escape.ts';

/** A field of a dialog, as it is when the dialog opens. */
export function inputHtml({ label, element, hint, optional = false }: InputBlock): string {
  return [
    '<div class="input">',
    `<label>${escapeHtml(label.text)}${optional ? ' <span class="optional">(optional)</span>' : ''}</label>`,
    elementHtml(element),
    hint === undefined ? '' : `<div class="hint">${escapeHtml(hint.text)}</div>`,
    '</div>',
  ].join('');
}

function elementHtml(element: InputBlock['element']): string {
  switch (element.type) {
    case 'external_select':
    case 'static_select':
      return `<div class="box select">${valueHtml(element.initial_option?.text, element.placeholder)}</div>`;
    case 'plain_text_input':
      return `<div class="box ${element.multiline === true ? 'tall' : ''}">${valueHtml(undefined, element.placeholder)}</div>`;
    default:
      throw new Error(
        `expected a field that our dialogs have, got ${element.type}: teach the pictures to draw it`,
      );
  }
}

function valueHtml(value: PlainTextElement | undefined, placeholder: PlainTextElement | undefined): string {
  if (value !== undefined) return escapeHtml(value.text);
  return `<span class="placeholder">${escapeHtml(placeholder?.text ?? '')}</span>`;
}
