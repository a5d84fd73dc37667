import type { ExternalSelect, InputBlock, ModalView, PlainTextInput, StaticSelect } from '@slack/types';
import { REASON_LIMIT } from '../../../domain/command.ts';
import type { RequestForm } from '../../platform.ts';
import { FORM_FIELDS, REQUEST_FORM } from './ids.ts';
import { LIMITS } from './limits.ts';
import { context, plainText } from './objects.ts';
import { suggestionOptions } from './suggestions.ts';

const DISKS_LENGTH = 200;
const GENERATION_LENGTH = 20;

/** The dialog for a new job. @param more.privateMetadata at most 3000 characters */
export function requestFormView(form: RequestForm, more: { privateMetadata: string }): ModalView {
  return {
    type: 'modal',
    callback_id: REQUEST_FORM,
    private_metadata: more.privateMetadata,
    title: plainText('New job', LIMITS.viewTitle),
    submit: plainText('Show the plan', LIMITS.viewButton),
    close: plainText('Cancel', LIMITS.viewButton),
    blocks: [
      field('Box', boxSelect(form)),
      field('What to do', actionSelect(form)),
      field('Only these disks', disksInput(), 'Separated by commas. Empty is all disks of the box.'),
      field('Generation', asOfInput(), 'For a restore: an older one, by its number. Empty is the newest.'),
      field('Image of', lenderSelect(), 'For a restore: another box. Empty is the box itself.'),
      field(
        'Larger disk',
        fitSelect(),
        'For a restore: make the image fit. Empty leaves the rest of the disk as it is.',
      ),
      field('Reason', reasonInput(), 'Kept with the job, and shown on its card.'),
      context('You read the plan next. Nothing happens before you confirm it.'),
    ],
  };
}

/** `block_id` is the element's `action_id`. A field with a hint may be left empty. */
function field(label: string, element: Field, hint?: string): InputBlock {
  return {
    type: 'input',
    block_id: element.action_id,
    label: plainText(label, LIMITS.sectionText),
    element,
    ...(hint === undefined ? {} : { optional: true, hint: plainText(hint, LIMITS.sectionText) }),
  };
}

type Field = (ExternalSelect | StaticSelect | PlainTextInput) & { action_id: string };

function boxSelect({ box }: RequestForm): Field {
  const [chosen] = suggestionOptions(box === null ? [] : [box]);
  return {
    type: 'external_select',
    action_id: FORM_FIELDS.box,
    placeholder: plainText('Name, address or group', LIMITS.placeholder),
    // Boxes are offered before anything is typed.
    min_query_length: 0,
    ...(chosen === undefined ? { focus_on_load: true } : { initial_option: chosen }),
  };
}

function lenderSelect(): Field {
  return {
    type: 'external_select',
    action_id: FORM_FIELDS.from,
    placeholder: plainText('Another box', LIMITS.placeholder),
    min_query_length: 0,
  };
}

/** Nothing is chosen at first: an action is never a default. */
function actionSelect({ actions }: RequestForm): Field {
  return {
    type: 'static_select',
    action_id: FORM_FIELDS.action,
    placeholder: plainText('Choose an action', LIMITS.placeholder),
    options: actions.map(({ action, label }) => ({
      text: plainText(label, LIMITS.optionText),
      value: action,
    })),
  };
}

function fitSelect(): Field {
  return {
    type: 'static_select',
    action_id: FORM_FIELDS.fit,
    placeholder: plainText('Leave the rest as it is', LIMITS.placeholder),
    options: [{ text: plainText('GPT to its end, wipe left-overs', LIMITS.optionText), value: 'yes' }],
  };
}

function disksInput(): Field {
  return {
    type: 'plain_text_input',
    action_id: FORM_FIELDS.disks,
    placeholder: plainText('sda,sdb', LIMITS.placeholder),
    max_length: DISKS_LENGTH,
  };
}

function asOfInput(): Field {
  return {
    type: 'plain_text_input',
    action_id: FORM_FIELDS.asOf,
    placeholder: plainText('3', LIMITS.placeholder),
    max_length: GENERATION_LENGTH,
  };
}

function reasonInput(): Field {
  return {
    type: 'plain_text_input',
    action_id: FORM_FIELDS.reason,
    multiline: true,
    max_length: REASON_LIMIT,
  };
}
