/** One line of a script. */
export type Step =
  | { kind: 'nothing' }
  | { kind: 'say'; text: string }
  | { kind: 'press'; button: string; box: string | null; input: string | null }
  | { kind: 'as'; person: string }
  | { kind: 'wait-state'; box: string; state: string; timeoutMs: number }
  | { kind: 'wait-percent'; box: string; percent: number }
  | { kind: 'expect'; text: string }
  | { kind: 'expect-not'; text: string }
  | { kind: 'sha256'; box: string; disk: string; same: boolean }
  | { kind: 'scribble'; box: string; disk: string }
  | { kind: 'replace-disk'; box: string; disk: string; sizeBytes: number }
  | { kind: 'throttle'; box: string; bytesPerSecond: number | null }
  | { kind: 'break' | 'power-cut' | 'power-on' | 'ssh-down'; box: string }
  | { kind: 'kill-bot' };

/** The line can't be read; the message says what was expected. */
export class StepSyntaxError extends Error {
  override name = 'StepSyntaxError';
}

const DEFAULT_WAIT_MS = 60_000;
const MEGABYTE = 1_000_000;
const UNIT_BYTES: Record<string, number> = { M: 1024 ** 2, G: 1024 ** 3 };
const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000 };

/** How lines look that aren't chat; shown by help and in complaints. */
export const STEP_USAGE = [
  'press <button> [box] [reason]',
  'as <name>',
  'wait <box> <state> [timeout, such as 90s]',
  'wait <box> <n>%',
  'expect <text>',
  'expect-not <text>',
  '!sha256 <box> <disk> [same]',
  '!scribble <box> <disk>',
  '!break <box>',
  '!throttle <box> <MB/s, or off>',
  '!power-cut <box>',
  '!power-on <box>',
  '!replace-disk <box> <disk> <size, such as 512M>',
  '!ssh-down <box>',
  '!kill-bot',
] as const;

/**
 * Reads one line. What is no step of the script is a chat line, with or without `/testbox`.
 *
 * @throws StepSyntaxError
 */
export function parseStep(line: string): Step {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return { kind: 'nothing' };
  const [keyword = '', ...words] = text.split(/\s+/);
  const rest = text.slice(keyword.length).trim();
  switch (keyword) {
    case 'press': {
      const [button, box, ...reason] = words;
      return {
        kind: 'press',
        button: needed(button, keyword),
        box: box ?? null,
        input: reason.join(' ') || null,
      };
    }
    case 'as':
      return { kind: 'as', person: only(words, keyword) };
    case 'wait':
      return parseWait(words);
    case 'expect':
    case 'expect-not':
      return { kind: keyword, text: needed(rest, keyword) };
    default:
      return keyword.startsWith('!') ? parseLabStep(keyword, words) : { kind: 'say', text };
  }
}

function parseWait(words: readonly string[]): Step {
  const [box, what, timeout, ...more] = words;
  if (box === undefined || what === undefined || more.length > 0) throw usage('wait');
  const percent = /^(\d{1,3})%$/.exec(what)?.[1];
  if (percent !== undefined && timeout === undefined) {
    return { kind: 'wait-percent', box, percent: Number(percent) };
  }
  if (!/^[a-z-]+$/.test(what)) throw usage('wait');
  const timeoutMs = timeout === undefined ? DEFAULT_WAIT_MS : amount(timeout, UNIT_MS, 1_000);
  if (timeoutMs === undefined) throw usage('wait');
  return { kind: 'wait-state', box, state: what, timeoutMs };
}

function parseLabStep(keyword: string, words: readonly string[]): Step {
  const [box = '', second = '', third] = words;
  switch (keyword) {
    case '!sha256':
      if (words.length < 2 || words.length > 3 || (third ?? 'same') !== 'same') throw usage(keyword);
      return { kind: 'sha256', box, disk: second, same: third === 'same' };
    case '!scribble':
      if (words.length !== 2) throw usage(keyword);
      return { kind: 'scribble', box, disk: second };
    case '!replace-disk': {
      const sizeBytes = amount(third ?? '', UNIT_BYTES);
      if (words.length !== 3 || sizeBytes === undefined) throw usage(keyword);
      return { kind: 'replace-disk', box, disk: second, sizeBytes };
    }
    case '!throttle': {
      const bytesPerSecond = second === 'off' ? null : Number(second) * MEGABYTE;
      if (words.length !== 2 || Number.isNaN(bytesPerSecond) || bytesPerSecond === 0) throw usage(keyword);
      return { kind: 'throttle', box, bytesPerSecond };
    }
    case '!break':
      return { kind: 'break', box: only(words, keyword) };
    case '!power-cut':
      return { kind: 'power-cut', box: only(words, keyword) };
    case '!power-on':
      return { kind: 'power-on', box: only(words, keyword) };
    case '!ssh-down':
      return { kind: 'ssh-down', box: only(words, keyword) };
    case '!kill-bot':
      if (words.length > 0) throw usage(keyword);
      return { kind: 'kill-bot' };
    default:
      throw new StepSyntaxError(`unknown lab command ${keyword}; there are ${labCommands()}`);
  }
}

function labCommands(): string {
  return STEP_USAGE.filter((form) => form.startsWith('!'))
    .map((form) => form.split(' ')[0])
    .join(', ');
}

/** `90s`, `512M`, or a bare number where that has a unit; undefined for anything else. */
function amount(text: string, units: Record<string, number>, bareUnit?: number): number | undefined {
  const [, digits, unit = ''] = /^([1-9]\d*)([A-Za-z]?)$/.exec(text) ?? [];
  const factor = unit === '' ? bareUnit : units[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function only(words: readonly string[], keyword: string): string {
  const [word] = words;
  if (word === undefined || words.length > 1) throw usage(keyword);
  return word;
}

function needed(word: string | undefined, keyword: string): string {
  if (word === undefined || word === '') throw usage(keyword);
  return word;
}

function usage(keyword: string): StepSyntaxError {
  const forms = STEP_USAGE.filter((form) => form.split(' ')[0] === keyword);
  return new StepSyntaxError(`expected ${forms.join(' or ')}`);
}
