import { DiskSlot } from '../contract/disk.ts';
import { parseGenerationName } from '../contract/share-layout.ts';
import type { CommandEntry, OptionWord } from './command-table.ts';
import type { ImageWish } from './image-wish.ts';

/** What `disks:`, `as-of:`, `from:` and `fit:` of a command say. */
export interface BoxOptions {
  slots: readonly string[] | null;
  wish: ImageWish;
}

type Parsed<Value> = { value: Value } | { problem: string };

const OPTION = /^([a-z-]+):/i;
const SPELLINGS: Readonly<Record<string, OptionWord>> = {
  disk: 'disks',
  disks: 'disks',
  'as-of': 'as-of',
  asof: 'as-of',
  from: 'from',
  fit: 'fit',
};

/** Takes the options out of a command's words; `reason:` was taken before. */
export function splitOptions(words: readonly string[]): { options: string[]; others: string[] } {
  return {
    options: words.filter((word) => OPTION.test(word)),
    others: words.filter((word) => !OPTION.test(word)),
  };
}

export function parseOptions(entry: CommandEntry, options: readonly string[]): Parsed<BoxOptions> {
  const given = new Map<OptionWord, string[]>();
  for (const option of options) {
    const [prefix = '', name = ''] = OPTION.exec(option) ?? [];
    const word = SPELLINGS[name.toLowerCase()];
    if (word === undefined)
      return { problem: `\`${option}\` is not an option of \`${entry.word}\`. ${optionsOf(entry)}` };
    if (!entry.options.includes(word)) return { problem: `\`${entry.word}\` takes no \`${word}:\`.` };
    given.set(word, [...(given.get(word) ?? []), option.slice(prefix.length)]);
  }
  const slots = parseSlots(given.get('disks'));
  const asOf = parseGeneration(given.get('as-of'));
  const from = parseFrom(given.get('from'));
  if ('problem' in slots) return slots;
  if ('problem' in asOf) return asOf;
  if ('problem' in from) return from;
  const fit = parseFit(given.get('fit'));
  if ('problem' in fit) return fit;
  const wish = { asOf: asOf.value, from: from.value, ...(fit.value ? { fit: true as const } : {}) };
  return { value: { slots: slots.value, wish } };
}

function parseSlots(values: readonly string[] | undefined): Parsed<readonly string[] | null> {
  if (values === undefined) return { value: null };
  const names = values.flatMap((value) => value.split(',')).filter((name) => name !== '');
  if (names.length === 0) return { problem: 'The option `disks:` needs names, such as `disks:sda,sdb`.' };
  const wrong = names.find((name) => !DiskSlot.safeParse(name).success);
  if (wrong !== undefined)
    return { problem: `\`${wrong}\` is not a disk name. Expected names such as \`disks:sda,sdb\`.` };
  return { value: [...new Set(names)] };
}

function parseGeneration(values: readonly string[] | undefined): Parsed<number | null> {
  const [value, ...more] = values ?? [];
  if (value === undefined) return { value: null };
  const generation = parseGenerationName(value.replace(/^#/, '').padStart(6, '0'));
  if (more.length > 0 || generation === undefined || !Number.isSafeInteger(generation)) {
    return {
      problem:
        'The option `as-of:` needs the number of one generation, such as `as-of:3`. `/testbox images <box>` lists them.',
    };
  }
  return { value: generation };
}

function parseFrom(values: readonly string[] | undefined): Parsed<string | null> {
  const [value, ...more] = values ?? [];
  if (value === undefined) return { value: null };
  if (more.length > 0 || value === '')
    return { problem: 'The option `from:` needs one box, such as `from:pluto`.' };
  return { value };
}

function parseFit(values: readonly string[] | undefined): Parsed<boolean> {
  const [value = 'no', ...more] = values?.map((word) => word.toLowerCase()) ?? [];
  if (more.length > 0 || !['yes', 'no'].includes(value))
    return { problem: 'The option `fit:` is `fit:yes` or `fit:no`.' };
  return { value: value === 'yes' };
}

function optionsOf(entry: CommandEntry): string {
  return entry.options.length === 0
    ? 'It has no options.'
    : `It knows ${entry.options.map((option) => `\`${option}:\``).join(' and ')}.`;
}
