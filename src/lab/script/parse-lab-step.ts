import { AGENT_ACTS, BOOT_ORDERS, type BotStep, type BoxStep, type Step, StepSyntaxError } from './step.ts';
import { amount, only, STEP_USAGE, UNIT_MS, usage } from './usage.ts';

const MEGABYTE = 1_000_000;
const UNIT_BYTES: Record<string, number> = { M: 1024 ** 2, G: 1024 ** 3 };

/** Reads a line that begins with `!`. @throws StepSyntaxError */
export function parseLabStep(keyword: string, words: readonly string[]): Step {
  if (keyword === '!sha256') return parseHash(words);
  const onBot = parseBotStep(keyword, words);
  if (onBot !== undefined) return { kind: 'bot-step', step: onBot };
  const step = parseBoxStep(keyword, words);
  return { kind: 'box-step', step, box: step.box };
}

function parseHash([box, disk, how, name, ...more]: readonly string[]): Step {
  if (box === undefined || disk === undefined || more.length > 0) throw usage('!sha256');
  const step = { kind: 'sha256', box, disk, keepAs: null, same: null } as const;
  if (how === undefined) return step;
  if (how === 'same') return { ...step, same: { name: name ?? null } };
  if (how === 'as' && name !== undefined) return { ...step, keepAs: name };
  throw usage('!sha256');
}

function parseBotStep(keyword: string, words: readonly string[]): BotStep | undefined {
  switch (keyword) {
    case '!kill-bot':
    case '!bot-down':
    case '!bot-up':
      if (words.length > 0) throw usage(keyword);
      return { kind: botKind(keyword) };
    case '!max-running': {
      const jobs = amount(only(words, keyword), {}, 1);
      if (jobs === undefined) throw usage(keyword);
      return { kind: 'max-running', jobs };
    }
    case '!clock': {
      const [, time = ''] = /^\+(.+)$/.exec(only(words, keyword)) ?? [];
      const byMs = amount(time, UNIT_MS);
      if (byMs === undefined) throw usage(keyword);
      return { kind: 'clock', byMs };
    }
    default:
      return undefined;
  }
}

function botKind(keyword: '!kill-bot' | '!bot-down' | '!bot-up') {
  const kinds = { '!kill-bot': 'kill-bot', '!bot-down': 'bot-down', '!bot-up': 'bot-up' } as const;
  return kinds[keyword];
}

function parseBoxStep(keyword: string, words: readonly string[]): BoxStep {
  const [box = '', second = '', third] = words;
  switch (keyword) {
    case '!break':
      return { kind: 'break', box: only(words, keyword) };
    case '!power-cut':
      return { kind: 'power-cut', box: only(words, keyword) };
    case '!power-on':
      return { kind: 'power-on', box: only(words, keyword) };
    case '!ssh-down':
      return { kind: 'ssh-down', box: only(words, keyword) };
    case '!scribble':
      if (words.length !== 2) throw usage(keyword);
      return { kind: 'scribble', box, disk: second };
    case '!replace-disk':
    case '!add-disk': {
      const sizeBytes = amount(third ?? '', UNIT_BYTES);
      if (words.length !== 3 || sizeBytes === undefined) throw usage(keyword);
      return { kind: keyword === '!add-disk' ? 'add-disk' : 'replace-disk', box, disk: second, sizeBytes };
    }
    case '!throttle': {
      const bytesPerSecond = second === 'off' ? null : Number(second) * MEGABYTE;
      if (words.length !== 2 || Number.isNaN(bytesPerSecond) || bytesPerSecond === 0) throw usage(keyword);
      return { kind: 'throttle', box, bytesPerSecond };
    }
    case '!boot-order':
      return { kind: 'boot-order', box, order: oneOf(BOOT_ORDERS, { words, keyword }) };
    case '!agent':
      return { kind: 'agent', box, acts: oneOf(AGENT_ACTS, { words, keyword }) };
    case '!pxe':
      if (words.length !== 2) throw usage(keyword);
      return { kind: 'pxe', box, action: second };
    default:
      throw new StepSyntaxError(`unknown lab command ${keyword}; there are ${labCommands()}`);
  }
}

/** The second and last word, one of those that there are. */
function oneOf<Word extends string>(
  known: readonly Word[],
  { words, keyword }: { words: readonly string[]; keyword: string },
): Word {
  const found = known.find((word) => word === words[1]);
  if (found === undefined || words.length !== 2) throw usage(keyword);
  return found;
}

function labCommands(): string {
  return STEP_USAGE.filter((form) => form.startsWith('!'))
    .map((form) => form.split(' ')[0])
    .join(', ');
}
