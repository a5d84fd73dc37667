import type { ModalView } from '@slack/types';
import { REASON_FIELD, REASON_FORM } from './ids.ts';
import { LIMITS } from './limits.ts';
import { plainText } from './objects.ts';

const REASON_LENGTH = 300;

interface Wording {
  title: string;
  submit: string;
  hint: string;
}

const WORDINGS: Readonly<Record<string, Wording>> = {
  deny: {
    title: 'Deny this job',
    submit: 'Deny',
    hint: "It is told in the job's thread, and to the one who asked.",
  },
};
const ANY_BUTTON: Wording = {
  title: 'Give a reason',
  submit: 'Send',
  hint: "It is told in the job's thread.",
};

/**
 * Asks for a reason before a button's click has its effect; closing it is no click.
 *
 * @param about.privateMetadata at most 3000 characters
 */
export function reasonFormView(about: { buttonId: string; privateMetadata: string }): ModalView {
  const { title, submit, hint } = WORDINGS[about.buttonId] ?? ANY_BUTTON;
  return {
    type: 'modal',
    callback_id: REASON_FORM,
    private_metadata: about.privateMetadata,
    title: plainText(title, LIMITS.viewTitle),
    submit: plainText(submit, LIMITS.viewButton),
    close: plainText('Back', LIMITS.viewButton),
    blocks: [
      {
        type: 'input',
        block_id: REASON_FIELD,
        optional: true,
        label: plainText('Reason', LIMITS.sectionText),
        hint: plainText(hint, LIMITS.sectionText),
        element: {
          type: 'plain_text_input',
          action_id: REASON_FIELD,
          multiline: true,
          max_length: REASON_LENGTH,
          focus_on_load: true,
        },
      },
    ],
  };
}
