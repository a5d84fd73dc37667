import { type Client, Events, type Interaction } from 'discord.js';
import { SeenBefore } from '../seen-before.ts';
import { onCommand } from './handlers/commands.ts';
import type { HandlerParts, Listening } from './handlers/parts.ts';
import { onPress } from './handlers/presses.ts';
import { onReason } from './handlers/reason.ts';
import { onSuggestion } from './handlers/suggestions.ts';

export type { HandlerParts } from './handlers/parts.ts';

/**
 * Everything that people type, click and submit. No handler throws; each acknowledges first.
 * What is pressed is told by the button's own id, so that messages outlive the bot that sent them.
 */
export function attachHandlers(client: Client, parts: HandlerParts): void {
  const on: Listening = { ...parts, seen: new SeenBefore(parts.clock) };
  client.on(Events.InteractionCreate, (interaction) => {
    if (!on.seen.isNew(interaction.id)) return;
    onInteraction(on, interaction).catch((error: unknown) =>
      on.log.error({ err: error, user: interaction.user.id }, 'an interaction could not be dealt with'),
    );
  });
}

async function onInteraction(on: Listening, interaction: Interaction): Promise<void> {
  if (interaction.isChatInputCommand()) return onCommand(on, interaction);
  if (interaction.isAutocomplete()) return onSuggestion(on, interaction);
  if (interaction.isButton()) return onPress(on, interaction);
  if (interaction.isModalSubmit()) return onReason(on, interaction);
  on.log.warn({ type: interaction.type }, 'Discord sent something that this bot has no use for');
}
