import type { ViewSubmitAction } from '@slack/bolt';
import { parseCommand } from '../../../domain/command.ts';
import { asOfWord, disksWord, fitWord, fromWord, reasonWord } from '../../command-words.ts';
import { FORM_FIELDS } from '../blocks/ids.ts';

type Field = (typeof FORM_FIELDS)[keyof typeof FORM_FIELDS];

export type FormCommand = { ok: true; text: string } | { ok: false; field: Field; problem: string };

type FieldValues = ViewSubmitAction['view']['state']['values'];

/**
 * The command that a filled form stands for, or the field that it fails at. The words are put
 * together one by one, so that the first that doesn't parse names its field.
 */
export function formCommand(values: FieldValues): FormCommand {
  let text = chosen(values, FORM_FIELDS.action);
  if (text === '') return wrong(FORM_FIELDS.action, 'Choose an action.');
  const box = chosen(values, FORM_FIELDS.box);
  if (box === '') return wrong(FORM_FIELDS.box, 'Choose a box.');
  const words: [Field, string][] = [
    [FORM_FIELDS.box, box],
    [FORM_FIELDS.disks, disksWord(typed(values, FORM_FIELDS.disks))],
    [FORM_FIELDS.asOf, asOfWord(typed(values, FORM_FIELDS.asOf))],
    [FORM_FIELDS.from, fromWord(chosen(values, FORM_FIELDS.from))],
    [FORM_FIELDS.fit, fitWord(chosen(values, FORM_FIELDS.fit))],
    [FORM_FIELDS.reason, reasonWord(typed(values, FORM_FIELDS.reason))],
  ];
  for (const [field, word] of words) {
    if (word === '') continue;
    text = `${text} ${word}`;
    const parsed = parseCommand(text);
    if (!parsed.ok) return wrong(field, parsed.problem);
  }
  return { ok: true, text };
}

function chosen(values: FieldValues, field: Field): string {
  return values[field]?.[field]?.selected_option?.value ?? '';
}

function typed(values: FieldValues, field: Field): string {
  return values[field]?.[field]?.value?.trim() ?? '';
}

/** Errors in dialogs are plain text: Slack would show the marks of code. */
function wrong(field: Field, problem: string): FormCommand {
  return { ok: false, field, problem: problem.replaceAll('`', '"') };
}
