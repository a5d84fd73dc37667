import { parseCustomId } from '../../src/chat/discord/render/custom-id.ts';
import { REASON_FIELD } from '../../src/chat/discord/render/reason-modal.ts';
import { type Command, parseCommand } from '../../src/domain/command.ts';
import { ScriptStepError } from '../../src/lab/script/ports.ts';
import { ALICE, BOB, LAB, MALLORY } from '../fakes/discord/guild.ts';
import type { FakeDiscord, SeenDiscordMessage } from '../fakes/discord/types.ts';
import { type ChatFront, comesTrue, type FrontMessage } from './chat-front.ts';
import { plainText } from './discord-text.ts';

const QUESTION_MS = 10_000;

/** Discord as its people sit in front of it. */
export function discordFront(discord: FakeDiscord): ChatFront {
  return {
    name: 'Discord',
    users: { alice: ALICE, bob: BOB, mallory: MALLORY },
    botUser: discord.botUser,
    revision: () => discord.revision(),
    changed: (signal) => discord.changed(signal),
    changesSince: (revision, user) => discord.changesSince(revision, user).map(frontMessage),
    sees: (user) => discord.as(user).sees().map(frontMessage),
    breaches: () => discord.breaches(),
    type: async (user, line) => {
      const { subcommand, options } = filledIn(line);
      await discord.as(user).command(LAB, subcommand, options).responded;
    },
    press: (user, message, button) => press(discord, user, { message, button }),
    hasDialog: (user) => discord.as(user).modal() !== null,
    giveReason: (user, reason) =>
      discord.as(user).submit(reason === null ? {} : { [REASON_FIELD]: reason }).responded,
  };
}

/** Where the client would have said itself that there is no such command, no bot is asked. */
function filledIn(line: string): { subcommand: string; options: Record<string, string> } {
  const parsed = parseCommand(line);
  if (!parsed.ok) throw new ScriptStepError(`Discord has no command for "${line}": ${parsed.problem}`);
  return optionsOf(parsed.command);
}

function optionsOf(command: Command): { subcommand: string; options: Record<string, string> } {
  switch (command.kind) {
    case 'action': {
      const { action: subcommand, box, onlySlots, wish, reason } = command;
      const disks = onlySlots === null ? {} : { disks: onlySlots.join(',') };
      const asOf = wish.asOf === null ? {} : { 'as-of': String(wish.asOf) };
      const fit = wish.fit === true ? { fit: 'yes' } : {};
      const from = wish.from === null ? {} : { from: wish.from };
      return {
        subcommand,
        options: { box, ...disks, ...asOf, ...from, ...fit, ...(reason === null ? {} : { reason }) },
      };
    }
    case 'box': {
      const { word: subcommand, box, reason } = command;
      return { subcommand, options: { box, ...(reason === null ? {} : { reason }) } };
    }
    case 'status':
      return { subcommand: 'status', options: command.box === null ? {} : { box: command.box } };
    case 'help':
      return { subcommand: 'help', options: command.word === null ? {} : { word: command.word } };
    case 'list':
    case 'whoami':
      return { subcommand: command.kind, options: {} };
  }
}

/** A button that asks first is pressed again in its question. */
async function press(
  discord: FakeDiscord,
  user: string,
  { message, button }: { message: FrontMessage; button: string },
): Promise<void> {
  const person = discord.as(user);
  const seen = person.sees().find(({ id }) => id === message.id);
  const customId = seen?.buttons.map((each) => each.customId).find((id) => parseCustomId(id)?.id === button);
  if (customId === undefined) throw new ScriptStepError(`the button ${button} is gone`);
  const mark = discord.revision();
  await person.press(message.id, customId).responded;
  if (parseCustomId(customId)?.kind !== 'ask') return;
  const answers = () => discord.changesSince(mark, user).filter(({ ephemeral }) => ephemeral);
  await comesTrue(discord, () => answers().length > 0, QUESTION_MS);
  for (const { id, buttons } of answers()) {
    const sure = buttons.find((each) => parseCustomId(each.customId)?.kind === 'sure');
    if (sure !== undefined) await person.press(id, sure.customId).responded;
  }
}

function frontMessage(message: SeenDiscordMessage): FrontMessage {
  const { id, author, ephemeral } = message;
  const buttons = message.buttons.flatMap(({ customId }) => parseCustomId(customId)?.id ?? []);
  // A reply that is still being thought about says nothing.
  return { id, author, ephemeral, text: plainText(message), buttons };
}
