import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { REASON_LIMIT } from '../../../domain/command.ts';
import { reasonDialog } from '../../reason-dialog.ts';
import { toCustomId } from './custom-id.ts';
import { LIMITS } from './limits.ts';
import { plainLine } from './text.ts';

/** The one field of the dialog. */
export const REASON_FIELD = 'reason';

/**
 * Asks for a reason before a button's click has its effect; closing it is no click. Its custom_id is
 * the button's own: Discord says itself that it was a dialog that was sent.
 *
 * @throws RangeError when the button is none that a message of ours can have
 */
export function reasonModal(button: { id: string; value: string }): APIModalInteractionResponseCallbackData {
  const { title, hint } = reasonDialog(button.id);
  const customId = toCustomId({ kind: 'press', ...button });
  if (customId === null) throw new RangeError(`The button ${button.id} has no id that Discord can carry.`);
  return {
    custom_id: customId,
    title: plainLine(title, LIMITS.modalTitle),
    components: [
      {
        type: ComponentType.Label,
        label: plainLine('Reason (optional)', LIMITS.inputLabel),
        description: plainLine(hint, LIMITS.inputDescription),
        component: {
          type: ComponentType.TextInput,
          custom_id: REASON_FIELD,
          style: TextInputStyle.Paragraph,
          required: false,
          max_length: REASON_LIMIT,
        },
      },
    ],
  };
}
