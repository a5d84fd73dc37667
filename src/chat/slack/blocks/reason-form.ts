import type { ModalView } from '@slack/types';
import { REASON_LIMIT } from '../../../domain/command.ts';
import { reasonDialog } from '../../reason-dialog.ts';
import { REASON_FIELD, REASON_FORM } from './ids.ts';
import { LIMITS } from './limits.ts';
import { plainText } from './objects.ts';

/**
 * Asks for a reason before a button's click has its effect; closing it is no click.
 *
 * @param about.privateMetadata at most 3000 characters
 */
export function reasonFormView(about: { buttonId: string; privateMetadata: string }): ModalView {
  const { title, submit, hint } = reasonDialog(about.buttonId);
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
          max_length: REASON_LIMIT,
          focus_on_load: true,
        },
      },
    ],
  };
}
