import type { Action } from '../contract/action.ts';
import { type BoxOptions, parseOptions, splitOptions } from './command-options.ts';
import {
  type BoxWord,
  COMMANDS,
  type CommandEntry,
  type CommandWord,
  commandEntry,
  isActionWord,
} from './command-table.ts';
import { didYouMean } from './did-you-mean.ts';
import type { ImageWish } from './image-wish.ts';

/** What somebody asked for, parsed; whether the box exists is the inventory's to say. */
export type Command =
  | {
      kind: 'action';
      action: Action;
      box: string;
      onlySlots: readonly string[] | null;
      /** Says nothing but with a restore. */
      wish: ImageWish;
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
  const { options, others } = splitOptions(words);
  const parsed = parseOptions(entry, options);
  if ('problem' in parsed) return problem(parsed.problem);
  const [box = threadBox, ...more] = others;
  if (box === null) return problem(`\`${entry.word}\` needs a box: \`/testbox ${entry.word} <name or IP>\`.`);
  // A lock's reason may be typed as it is spoken: `lock pluto firmware tests`.
  const spoken = entry.word === 'lock' && more.length > 0 ? more.join(' ') : null;
  if (more.length > 0 && spoken === null) {
    return problem(`\`${entry.word}\` takes one box, got \`${[box, ...more].join(' ')}\`.`);
  }
  return { ok: true, command: commandOf(entry.word, { box, ...parsed.value, reason: reason ?? spoken }) };
}

function commandOf(
  word: CommandWord,
  { box, slots, wish, reason }: BoxOptions & { box: string; reason: string | null },
): Command {
  if (isActionWord(word)) return { kind: 'action', action: word, box, onlySlots: slots, wish, reason };
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

function problem(text: string): ParsedCommand {
  return { ok: false, problem: text };
}
