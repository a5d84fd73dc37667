import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { words } from '../../message.ts';
import type { ChatMessage } from '../../platform.ts';
import { withTimeLimit } from '../../time-limit.ts';
import { personOf } from '../people.ts';
import { parseCustomId } from '../render/custom-id.ts';
import { REASON_FIELD, reasonModal } from '../render/reason-modal.ts';
import { acknowledge } from './acknowledge.ts';
import { attendPress, passOn } from './attend-press.ts';
import type { Listening } from './parts.ts';

/** Of the 3 s in which the dialog has to be Discord's first answer to the click. */
const OBJECTED_WITHIN_MS = 2_000;

interface ButtonIds {
  id: string;
  value: string;
}

/** Opens the dialog for a reason, unless the press could have no effect anyway. */
export async function askReason(
  on: Listening,
  interaction: ButtonInteraction,
  button: ButtonIds,
): Promise<void> {
  const found = personOf(interaction, on.guild);
  if (found.kind === 'person') {
    const objection = await quickObjection(on, { person: found.person, button });
    if (objection !== null)
      return attendPress(on, interaction, (_person, answers) => answers.answer(objection));
    await acknowledge(on, interaction, () => interaction.showModal(reasonModal(button)));
    return;
  }
  // They are told why instead.
  return attendPress(on, interaction, async () => {});
}

/** None when the app fails or is slow: the press itself is checked again. */
async function quickObjection(
  on: Listening,
  press: Parameters<Listening['inbound']['objection']>[0],
): Promise<ChatMessage | null> {
  try {
    return await withTimeLimit({ clock: on.clock, ms: OBJECTED_WITHIN_MS }, () =>
      on.inbound.objection(press),
    );
  } catch (error) {
    on.log.warn({ err: error, user: press.person.user }, 'a dialog opens without a look at the job');
    return null;
  }
}

/** The press has its effect now, with what was typed. */
export function onReason(on: Listening, interaction: ModalSubmitInteraction): Promise<void> {
  const click = parseCustomId(interaction.customId);
  return attendPress(on, interaction, async (person, answers) => {
    if (click === null)
      return answers.answer(words('This dialog is not known here any more. Press the button again.'));
    await passOn(on, { interaction, click, person, input: typedReason(interaction), answers });
  });
}

function typedReason({ fields }: ModalSubmitInteraction): string | null {
  const field = fields.fields.get(REASON_FIELD);
  const typed = field !== undefined && 'value' in field ? String(field.value ?? '').trim() : '';
  return typed === '' ? null : typed;
}
