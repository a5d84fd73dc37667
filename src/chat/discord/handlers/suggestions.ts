import type { APIApplicationCommandOptionChoice, AutocompleteInteraction } from 'discord.js';
import { withTimeLimit } from '../../time-limit.ts';
import { OPTIONS } from '../commands.ts';
import { personOf } from '../people.ts';
import { suggestionChoices } from '../render/suggestions.ts';
import { acknowledge } from './acknowledge.ts';
import type { Listening } from './parts.ts';

/** Of the 3 s that Discord waits for suggestions. */
const SUGGESTED_WITHIN_MS = 2_000;

/** The boxes that fit what somebody has typed into the option so far. */
export async function onSuggestion(on: Listening, interaction: AutocompleteInteraction): Promise<void> {
  const choices = await suggested(on, interaction);
  await acknowledge(on, interaction, () => interaction.respond(choices));
}

/** None when the app fails or is slow: Discord says then that there are no options. */
async function suggested(
  on: Listening,
  interaction: AutocompleteInteraction,
): Promise<APIApplicationCommandOptionChoice<string>[]> {
  const found = personOf(interaction, on.guild);
  if (found.kind === 'refused') return [];
  try {
    const { name, value } = interaction.options.getFocused(true);
    if (name !== OPTIONS.box && name !== OPTIONS.from) return [];
    return await withTimeLimit({ clock: on.clock, ms: SUGGESTED_WITHIN_MS }, async () =>
      suggestionChoices(await on.inbound.suggestBoxes(found.person, value)),
    );
  } catch (error) {
    on.log.error({ err: error, user: interaction.user.id }, 'no boxes could be suggested');
    return [];
  }
}
