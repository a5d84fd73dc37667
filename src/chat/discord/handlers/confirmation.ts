import type { ButtonInteraction } from 'discord.js';
import { confirmQuestion } from '../render/asks.ts';
import { attendPress } from './attend-press.ts';
import type { Listening } from './parts.ts';

/**
 * Asks privately whether a click that can't be taken back is meant, unless it could have no effect
 * anyway. Discord has no dialog for it; the click on the question's own button is the press.
 */
export function askWhetherSure(
  on: Listening,
  interaction: ButtonInteraction,
  button: { id: string; value: string },
): Promise<void> {
  return attendPress(on, interaction, async (person, answers) => {
    const objection = await on.inbound.objection({ person, button });
    if (objection !== null) return answers.answer(objection);
    const asks = await on.inbound.question({ person, button });
    await answers.show(confirmQuestion({ ...button, label: labelOf(interaction) }, asks));
  });
}

function labelOf({ component, customId }: ButtonInteraction): string {
  return ('label' in component ? component.label : null) ?? customId;
}
