import type { APIApplicationCommandOptionChoice } from 'discord.js';
import type { BoxSuggestion } from '../../platform.ts';
import { LIMITS } from './limits.ts';
import { plainLine } from './text.ts';

/** Boxes as choices of a command's option. A name that is no value for Discord is left out. */
export function suggestionChoices(
  boxes: readonly BoxSuggestion[],
): APIApplicationCommandOptionChoice<string>[] {
  return boxes
    .filter(({ name }) => name !== '' && name.length <= LIMITS.choiceValue && name.isWellFormed())
    .slice(0, LIMITS.choices)
    .map(({ name, label }) => ({ name: plainLine(label, LIMITS.choiceName), value: name }));
}
