import type { ButtonInteraction } from 'discord.js';
import { words } from '../../message.ts';
import { DISMISS_QUESTION } from '../render/asks.ts';
import { parseCustomId } from '../render/custom-id.ts';
import { attendPress, passOn } from './attend-press.ts';
import { askWhetherSure } from './confirmation.ts';
import type { Listening } from './parts.ts';
import { askReason } from './reason.ts';

/** The button whose press takes a reason first. */
const TAKES_REASON = 'deny';

/** A click on any button of the bot's messages. */
export function onPress(on: Listening, interaction: ButtonInteraction): Promise<void> {
  const click = parseCustomId(interaction.customId);
  if (click === null) return onUnknownButton(on, interaction);
  const { kind, id, value } = click;
  if (id === DISMISS_QUESTION) return onDismissed(on, interaction);
  if (id === TAKES_REASON) return askReason(on, interaction, { id, value });
  if (kind === 'ask') return askWhetherSure(on, interaction, { id, value });
  return attendPress(on, interaction, async (person, answers) => {
    // The question has had its answer; what follows goes beside the message that it was about.
    if (kind === 'sure') await answers.replace(null);
    await passOn(on, { interaction, click, person, input: null, answers });
  });
}

function onUnknownButton(on: Listening, interaction: ButtonInteraction): Promise<void> {
  on.log.warn({ button: interaction.customId }, 'a button of another version was pressed');
  return attendPress(on, interaction, (_person, answers) =>
    answers.answer(words('This button is not known here any more.')),
  );
}

function onDismissed(on: Listening, interaction: ButtonInteraction): Promise<void> {
  return attendPress(on, interaction, (_person, answers) => answers.replace(null));
}
