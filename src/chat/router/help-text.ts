import type { Role } from '../../domain/access.ts';
import {
  COMMANDS,
  type CommandEntry,
  type CommandWord,
  commandEntry,
  type OptionWord,
} from '../../domain/command-table.ts';
import { message, words } from '../message.ts';
import type { ChatMessage } from '../platform.ts';

/** The words the caller may use, each in one line; or one word explained. */
export function helpText(roles: ReadonlySet<Role>, word: CommandWord | null): ChatMessage {
  if (word !== null) return oneWord(word, roles);
  const usable = COMMANDS.filter(({ needs }) => needs === null || roles.has(needs));
  const hidden = COMMANDS.length - usable.length;
  return message({
    text: 'What you can ask for:',
    lines: [
      ...usable.map((entry) => `\`${usage(entry)}\` ${entry.summary}`),
      ...(hidden === 0 ? [] : [`${hidden} more need roles that you don't have (\`/testbox whoami\`).`]),
    ],
  });
}

const OPTIONS: Record<OptionWord, string> = {
  disks: '`disks:sda,sdb` only these disks',
  'as-of': '`as-of:3` an older generation, by its number',
  from: '`from:pluto` the image of another box',
  fit: '`fit:yes` on a larger disk: move the GPT to its end, wipe left-over signatures',
  reason: '`reason:…` kept with the job',
};

function oneWord(word: CommandWord, roles: ReadonlySet<Role>): ChatMessage {
  const entry = commandEntry(word);
  if (entry === undefined) return words(`\`${word}\` is not a command.`);
  const allowed = entry.needs === null || roles.has(entry.needs);
  return message({
    text: `\`${usage(entry)}\` ${entry.summary}`,
    lines: [
      ...entry.options.map((option) => OPTIONS[option]),
      ...(allowed ? [] : [`needs the role \`${entry.needs}\`, which you don't have`]),
    ],
  });
}

/** A command as people type it, `status [box]`. */
export function usage({ word, takes }: CommandEntry): string {
  switch (takes) {
    case 'box':
      return `${word} <box>`;
    case 'box or nothing':
      return `${word} [box]`;
    case 'word or nothing':
      return `${word} [word]`;
    case 'nothing':
      return word;
  }
}
