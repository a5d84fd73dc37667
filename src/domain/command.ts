import type { Action } from '../contract/action.ts';
import { DiskSlot } from '../contract/disk.ts';
import {
  type BoxWord,
  COMMANDS,
  type CommandEntry,
  type CommandWord,
  commandEntry,
  isActionWord,
} from './command-table.ts';
import { didYouMean } from './did-you-mean.ts';

/** What somebody asked for, parsed; whether the box exists is the inventory's to say. */
export type Command =
  | {
      kind: 'action';
      action: Action;
      box: string;
      onlySlots: readonly string[] | null;
      reason: string | null;
    }
  | { kind: 'box'; word: BoxWord; box: string; reason: string | null }
  | { kind: 'status'; box: string | null }
  | { kind: 'list' }
  | { kind: 'whoami' }
  | { kind: 'help'; word: CommandWord | null };

export type ParsedCommand = { ok: true; command: Command } | { ok: false; problem: string };

/** Characters of a reason that are kept. */
export const REASON_LIMIT = 300;

/**
 * Parses what follows `/testbox`.
 *
 * @param threadBox the box of the job in whose thread it was typed: it may be left out there
 */
export function parseCommand(text: string, threadBox: string | null = null): ParsedCommand {
  const { words, reason } = splitReason(tidy(text));
  const [typed, ...rest] = words;
  if (typed === undefined) return { ok: true, command: { kind: 'help', word: null } };
  const entry = commandEntry(typed.toLowerCase());
  if (entry === undefined) return unknownWord(typed);
  if (reason !== null && !entry.options.includes('reason'))
    return problem(`\`${entry.word}\` takes no \`reason:\`.`);
  if (reason !== null && reason.length > REASON_LIMIT) {
    return problem(
      `The reason has ${reason.length} characters; at most ${REASON_LIMIT} are kept with a job.`,
    );
  }
  switch (entry.takes) {
    case 'nothing':
      return rest.length === 0
        ? single(entry.word)
        : problem(`\`${entry.word}\` takes nothing behind it, got \`${rest.join(' ')}\`.`);
    case 'word or nothing':
      return helpWord(rest);
    case 'box or nothing':
      if (rest.length === 0) return { ok: true, command: { kind: 'status', box: threadBox } };
      return withBox(entry, { words: rest, reason, threadBox });
    case 'box':
      return withBox(entry, { words: rest, reason, threadBox });
  }
}

/** Pasted text has non-breaking spaces, zero-width characters and smart quotes. */
function tidy(text: string): string {
  return text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\/testbox(?: |$)/i, '');
}

/** `reason:` takes the rest of the line, quoted or not. */
function splitReason(text: string): { words: string[]; reason: string | null } {
  const at = text.search(/(?:^| )reason:/i);
  const head = at < 0 ? text : text.slice(0, at);
  const words = head.split(' ').filter((word) => word !== '');
  if (at < 0) return { words, reason: null };
  const reason = text
    .slice(at)
    .replace(/^ ?reason:/i, '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  return { words, reason: reason === '' ? null : reason };
}

function unknownWord(typed: string): ParsedCommand {
  const meant = didYouMean(
    typed,
    COMMANDS.map(({ word }) => word),
  );
  const hint = meant === null ? 'Type `/testbox help` for the list.' : `Did you mean \`${meant}\`?`;
  return problem(`\`${typed}\` is not a command. ${hint}`);
}

function single(word: CommandWord): ParsedCommand {
  return { ok: true, command: word === 'list' ? { kind: 'list' } : { kind: 'whoami' } };
}

function helpWord(rest: readonly string[]): ParsedCommand {
  const [typed, ...more] = rest;
  if (typed === undefined) return { ok: true, command: { kind: 'help', word: null } };
  if (more.length > 0) return problem(`\`help\` takes one word, got \`${rest.join(' ')}\`.`);
  const entry = commandEntry(typed.toLowerCase());
  return entry === undefined ? unknownWord(typed) : { ok: true, command: { kind: 'help', word: entry.word } };
}

interface BoxArguments {
  words: readonly string[];
  reason: string | null;
  threadBox: string | null;
}

function withBox(
  entry: CommandEntry & { word: CommandWord },
  { words, reason, threadBox }: BoxArguments,
): ParsedCommand {
  const disks = words.filter((word) => /^disks?:/i.test(word));
  const strange = words.find((word) => /^[a-z-]+:/i.test(word) && !disks.includes(word));
  if (strange !== undefined)
    return problem(`\`${strange}\` is not an option of \`${entry.word}\`. ${optionsOf(entry)}`);
  const [box = threadBox, ...more] = words.filter((word) => !disks.includes(word));
  if (box === null) return problem(`\`${entry.word}\` needs a box: \`/testbox ${entry.word} <name or IP>\`.`);
  // A lock's reason may be typed as it is spoken: `lock pluto firmware tests`.
  const spoken = entry.word === 'lock' && more.length > 0 ? more.join(' ') : null;
  if (more.length > 0 && spoken === null) {
    return problem(`\`${entry.word}\` takes one box, got \`${[box, ...more].join(' ')}\`.`);
  }
  if (disks.length > 0 && !entry.options.includes('disks'))
    return problem(`\`${entry.word}\` takes no \`disks:\`.`);
  const slots = parseSlots(disks);
  if (typeof slots === 'string') return problem(slots);
  return { ok: true, command: commandOf(entry.word, { box, slots, reason: reason ?? spoken }) };
}

function commandOf(
  word: CommandWord,
  { box, slots, reason }: { box: string; slots: readonly string[] | null; reason: string | null },
): Command {
  if (isActionWord(word)) return { kind: 'action', action: word, box, onlySlots: slots, reason };
  switch (word) {
    case 'status':
      return { kind: 'status', box };
    case 'list':
    case 'whoami':
    case 'help':
      return { kind: 'help', word };
    default:
      return { kind: 'box', word, box, reason };
  }
}

function parseSlots(options: readonly string[]): readonly string[] | null | string {
  if (options.length === 0) return null;
  const names = options
    .flatMap((option) => option.replace(/^disks?:/i, '').split(','))
    .filter((name) => name !== '');
  if (names.length === 0) return 'The option `disks:` needs names, such as `disks:sda,sdb`.';
  const wrong = names.find((name) => !DiskSlot.safeParse(name).success);
  if (wrong !== undefined)
    return `\`${wrong}\` is not a disk name. Expected names such as \`disks:sda,sdb\`.`;
  return [...new Set(names)];
}

function optionsOf(entry: CommandEntry): string {
  return entry.options.length === 0
    ? 'It has no options.'
    : `It knows ${entry.options.map((option) => `\`${option}:\``).join(' and ')}.`;
}

function problem(text: string): ParsedCommand {
  return { ok: false, problem: text };
}
