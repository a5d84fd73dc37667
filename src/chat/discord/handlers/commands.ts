import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import { attendTo } from '../../attend.ts';
import { personOf } from '../people.ts';
import { acknowledge } from './acknowledge.ts';
import { commandText } from './command-text.ts';
import type { Listening } from './parts.ts';
import { placeOf } from './place.ts';
import { DiscordAnswers } from './private-answers.ts';

/** `/testbox <word>`, with what was put into the word's options. */
export async function onCommand(on: Listening, interaction: ChatInputCommandInteraction): Promise<void> {
  const found = personOf(interaction, on.guild);
  const reply = () => interaction.deferReply({ flags: MessageFlags.Ephemeral });
  if (!(await acknowledge(on, interaction, reply))) return;
  const answers = new DiscordAnswers({ to: interaction, began: 'thinking' }, on);
  const delivered = { what: 'command', user: interaction.user.id, answers };
  await attendTo(on.log, delivered, {
    find: async () => found,
    work: async (person) => {
      const place = await placeOf(on, interaction);
      await on.inbound.command({ person, text: commandText(interaction), ...place, answers });
    },
  });
  await answers.settle();
}
