import { type ButtonInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import type { ChatPerson } from '../../../domain/person.ts';
import { attendTo } from '../../attend.ts';
import { personOf } from '../people.ts';
import type { Click } from '../render/custom-id.ts';
import { acknowledge } from './acknowledge.ts';
import type { Listening } from './parts.ts';
import { placeOf } from './place.ts';
import { DiscordAnswers } from './private-answers.ts';

type Pressed = ButtonInteraction | ModalSubmitInteraction;
type PressWork = (person: ChatPerson, answers: DiscordAnswers) => Promise<void>;

/** Acknowledges a click and does its work for a person whom this Testbox obeys. */
export async function attendPress(on: Listening, interaction: Pressed, work: PressWork): Promise<void> {
  const found = personOf(interaction, on.guild);
  if (!(await acknowledge(on, interaction, () => interaction.deferUpdate()))) return;
  const answers = new DiscordAnswers({ to: interaction, began: visibilityOf(interaction) }, on);
  const delivered = { what: 'press', user: interaction.user.id, answers };
  await attendTo(on.log, delivered, {
    find: async () => found,
    work: (person) => work(person, answers),
  });
}

interface Passed {
  interaction: Pressed;
  click: Pick<Click, 'id' | 'value'>;
  person: ChatPerson;
  /** What was typed into the button's dialog. */
  input: string | null;
  answers: DiscordAnswers;
}

export async function passOn(on: Listening, passed: Passed): Promise<void> {
  const { interaction, click, person, input, answers } = passed;
  const { channel } = await placeOf(on, interaction);
  const button = { id: click.id, value: click.value };
  await on.inbound.press({ person, button, channel, input, answers });
}

function visibilityOf({ message }: Pressed): 'private' | 'public' {
  return message?.flags.has(MessageFlags.Ephemeral) === true ? 'private' : 'public';
}
