import { StepSyntaxError } from './step.ts';

/** How lines look that aren't chat; shown by help and in complaints. */
export const STEP_USAGE = [
  'press <button> [box] [reason]',
  'as <name>',
  'wait <box> <state> [timeout, such as 90s]',
  'wait <box> <n>%',
  'expect <text>',
  'expect-not <text>',
  'expect-screen <box> <text>',
  'expect-log <box> <text>',
  '!sha256 <box> <disk> [as <name>, or same [name]]',
  '!scribble <box> <disk>',
  '!break <box>',
  '!throttle <box> <MB/s, or off>',
  '!power-cut <box>',
  '!power-on <box>',
  '!boot-order <box> <network, disk or none>',
  '!add-disk <box> <disk> <size, such as 16M>',
  '!replace-disk <box> <disk> <size, such as 512M>',
  '!ssh-down <box>',
  '!agent <box> <job or jobless>',
  '!pxe <box> <action>',
  '!clock <time that passes for the bot, such as +10m>',
  '!max-running <n>',
  '!bot-down',
  '!bot-up',
  '!kill-bot',
] as const;

export function usage(keyword: string): StepSyntaxError {
  const forms = STEP_USAGE.filter((form) => form.split(' ')[0] === keyword);
  return new StepSyntaxError(`expected ${forms.join(' or ')}`);
}

export function only(words: readonly string[], keyword: string): string {
  const [word] = words;
  if (word === undefined || words.length > 1) throw usage(keyword);
  return word;
}

export function needed(word: string | undefined, keyword: string): string {
  if (word === undefined || word === '') throw usage(keyword);
  return word;
}

/** `90s`, `512M`, or a bare number where that has a unit; undefined for anything else. */
export function amount(text: string, units: Record<string, number>, bareUnit?: number): number | undefined {
  const [, digits, unit = ''] = /^([1-9]\d*)([A-Za-z]?)$/.exec(text) ?? [];
  const factor = unit === '' ? bareUnit : units[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

export const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };
