import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GOAL_DISK, GOAL_TOOLS, GOAL_WORKS } from './goals.ts';
import { TOOLS } from './tools.ts';

const DISK_KINDS = ['half', 'full', 'usr', 'random', 'blank', 'changed'] as const;
/**
 * `half` is half zeros, `full` is program text all over, `usr` a file system full of `/usr`,
 * `random` does not compress; `changed` is `half`, and only its restore onto itself is measured.
 */
export type DiskKind = (typeof DISK_KINDS)[number];

const WORKS = [
  'backup',
  'restore',
  'restore-onto-blank',
  'restore-1%-changed',
  'backup-again-1%-changed',
] as const;
export type Work = (typeof WORKS)[number];

export interface BenchOptions {
  disks: readonly DiskKind[];
  works: readonly Work[];
  sizeBytes: number;
  rounds: number;
  /** Names of the tools to measure beside the original; null is all that are installed. */
  tools: readonly string[] | null;
  /** Rates of links that images are kept behind, in MB/s, one run each on the first disk. */
  links: readonly number[];
  /** How many agents image at once, for figures of that; 0 is none. */
  agents: number;
  /** Whether to measure how much memory ours takes. */
  memory: boolean;
  /** Only what the goals are judged by. */
  goals: boolean;
  jsonFile: string | null;
  /** The page whose figures are replaced. */
  pageFile: string | null;
}

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const ALL_DISKS = 'half,usr,random,blank';
/** A link of 1 and of 10 Gbit/s, less what Ethernet, IP and TCP take of it. */
const ALL_LINKS = '117,1170';
const ALL_AGENTS = '8';
const UNITS: Readonly<Record<string, number>> = { MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** @throws Error for words that make no sense */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      disk: { type: 'string' },
      work: { type: 'string' },
      size: { type: 'string', default: '1GiB' },
      rounds: { type: 'string', default: '3' },
      tools: { type: 'string' },
      link: { type: 'string' },
      agents: { type: 'string' },
      memory: { type: 'boolean', default: false },
      goals: { type: 'boolean', default: false },
      json: { type: 'string' },
      page: { type: 'string' },
    },
  });
  if (!/^[1-9][0-9]?$/.test(values.rounds)) throw new Error('--rounds: expected a number from 1 to 99');
  const { goals } = values;
  const parts = [values.disk, values.work, values.tools, values.link, values.agents];
  // Who asks for a part of the figures wants to see them, not to have them published.
  const isWhole = !goals && !values.memory && parts.every((value) => value === undefined);
  if (goals && parts.some((value) => value !== undefined)) {
    throw new Error('--goals: what they are judged by is fixed, with --size and --rounds to choose');
  }
  return {
    disks:
      values.disk === 'none'
        ? []
        : pick('--disk', values.disk ?? (goals ? GOAL_DISK : ALL_DISKS), DISK_KINDS),
    works: pick('--work', values.work ?? (goals ? GOAL_WORKS : WORKS).join(','), WORKS),
    sizeBytes: readSize(values.size),
    rounds: Number(values.rounds),
    tools: goals ? GOAL_TOOLS : readTools(values.tools),
    links: readLinks(values.link ?? (isWhole ? ALL_LINKS : '')),
    agents: readAgents(values.agents ?? (isWhole ? ALL_AGENTS : 'none')),
    memory: isWhole || goals || values.memory,
    goals,
    jsonFile: values.json ?? null,
    pageFile: values.page ?? (isWhole ? PAGE : null),
  };
}

/** What of a disk is measured. */
export function worksOf(kind: DiskKind, wanted: readonly Work[]): readonly Work[] {
  return kind === 'changed' ? ['restore-1%-changed'] : wanted;
}

function pick<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (found === undefined) throw new Error(`${option}: expected of ${known.join(', ')}`);
    return found;
  });
}

function readTools(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const known = TOOLS.map(({ name }) => name);
  return pick('--tools', text, known);
}

function readLinks(text: string): number[] {
  if (text === '' || text === 'none') return [];
  return text.split(',').map((word) => {
    if (!/^[1-9][0-9]{0,4}$/.test(word)) throw new Error('--link: expected rates in MB/s, or none');
    return Number(word);
  });
}

function readAgents(text: string): number {
  if (text === 'none') return 0;
  if (!/^[1-9][0-9]?$/.test(text)) throw new Error('--agents: expected a number from 1 to 99, or none');
  return Number(text);
}

function readSize(text: string): number {
  const [, count, unit = ''] = /^([1-9][0-9]{0,4})(MiB|GiB)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (count === undefined || factor === undefined)
    throw new Error('--size: expected a size such as 512MiB or 4GiB');
  return Number(count) * factor;
}
