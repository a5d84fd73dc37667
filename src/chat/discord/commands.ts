import type {
  APIApplicationCommandBasicOption,
  APIApplicationCommandStringOption,
  APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionContextType,
} from 'discord.js';
import { REASON_LIMIT } from '../../domain/command.ts';
import { COMMANDS, type CommandEntry } from '../../domain/command-table.ts';

const COMMAND_NAME = 'testbox';
export const OPTIONS = {
  box: 'box',
  disks: 'disks',
  asOf: 'as-of',
  from: 'from',
  fit: 'fit',
  reason: 'reason',
  word: 'word',
} as const;

// Numbers of Discord's API. Taken from its library they would load all of it with every command
// of the command line.
const CHAT_INPUT = 1 satisfies ApplicationCommandType.ChatInput;
const SUBCOMMAND = 1 satisfies ApplicationCommandOptionType.Subcommand;
const STRING = 3 satisfies ApplicationCommandOptionType.String;
const IN_GUILDS = 0 satisfies InteractionContextType.Guild;

const BOX_HINTS: Readonly<Partial<Record<CommandEntry['takes'], string>>> = {
  box: "Name or address of the box; may be left out in a job's thread",
  'box or nothing': 'Name or address of the box; every busy one when it is left out',
};

/** What `PUT /applications/{id}/guilds/{id}/commands` takes: made from the one command table. */
export function discordCommands() {
  return [
    {
      type: CHAT_INPUT,
      name: COMMAND_NAME,
      description: 'Back up, restore and look at test machines',
      // Who sees the command, before admins change it in the guild's settings: everybody who may use
      // commands in the channel. What somebody may do is the inventory's to say, and is checked at
      // each use; 0 would hide the command from everybody but admins.
      default_member_permissions: null,
      // Heeded where the command is registered for every guild at once; a guild's own is in no
      // direct messages anyway.
      contexts: [IN_GUILDS],
      options: COMMANDS.map(subcommand),
    },
  ];
}

function subcommand(entry: CommandEntry): APIApplicationCommandSubcommandOption {
  const options = optionsOf(entry);
  return {
    type: SUBCOMMAND,
    name: entry.word,
    description: entry.summary,
    ...(options.length === 0 ? {} : { options }),
  };
}

/** None is required: in a job's thread the box is known, and the bot says what is missing better. */
function optionsOf({ takes, options }: CommandEntry): APIApplicationCommandBasicOption[] {
  const boxHint = BOX_HINTS[takes];
  return [
    ...(boxHint === undefined ? [] : [text(OPTIONS.box, boxHint, { autocomplete: true })]),
    ...(options.includes('disks') ? [text(OPTIONS.disks, 'Only these disks, such as sda,sdb')] : []),
    ...(options.includes('as-of') ? [text(OPTIONS.asOf, 'An older generation, by its number')] : []),
    ...(options.includes('from')
      ? [text(OPTIONS.from, 'The image of another box', { autocomplete: true })]
      : []),
    ...(options.includes('fit')
      ? [
          text(OPTIONS.fit, 'On a larger disk: GPT to its end, no left-over signatures', {
            choices: YES_OR_NO,
          }),
        ]
      : []),
    ...(options.includes('reason')
      ? [text(OPTIONS.reason, 'Why: others read it too', { max_length: REASON_LIMIT })]
      : []),
    ...(takes === 'word or nothing'
      ? [text(OPTIONS.word, 'The command to explain', { choices: WORDS })]
      : []),
  ];
}

const YES_OR_NO = ['yes', 'no'].map((word) => ({ name: word, value: word }));
const WORDS = COMMANDS.map(({ word }) => ({ name: word, value: word }));

type More = { autocomplete: true } | { max_length: number } | { choices: { name: string; value: string }[] };

function text(name: string, description: string, more?: More): APIApplicationCommandStringOption {
  return { type: STRING, name, description, ...more };
}
