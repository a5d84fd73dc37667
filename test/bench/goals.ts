import type { MemorySample } from './memory.ts';
import type { Work } from './options.ts';
import type { Result } from './results.ts';
import { ORIGINAL } from './tools.ts';

/** A figure that was promised, and what came of it. */
export interface Goal {
  words: string;
  /** Times as fast, parts of a size, or megabytes. */
  asked: number;
  sense: 'at least' | 'at most';
  /** Null when it was not measured. */
  reached: number | null;
}

/** What goals are judged by. */
export interface Figures {
  /** Of the half-empty disk, without a link. */
  results: readonly Result[];
  /** Of the same disk by `gzip -1`; null when that wasn't measured. */
  gzip1Bytes: number | null;
  memory: readonly MemorySample[];
}

export const GOAL_DISK = 'half';
export const GOAL_WORKS: readonly Work[] = ['backup', 'restore', 'restore-1%-changed'];
const [GZIP, ZSTD, PLAIN, IGZIP, STOCK_ZSTD] = [
  'testbox gzip',
  'testbox zstd',
  'testbox gzip plain',
  'dd | igzip',
  'dd | zstd',
];
export const GOAL_TOOLS: readonly string[] = [GZIP, ZSTD, PLAIN, IGZIP, STOCK_ZSTD];

/** Ours, another, and how many times as fast ours shall be. */
const SPEEDS: readonly [work: Work, tool: string, against: string, asked: number][] = [
  ['backup', GZIP, ORIGINAL.name, 20],
  ['backup', GZIP, IGZIP, 1.5],
  ['backup', ZSTD, ORIGINAL.name, 22],
  ['backup', ZSTD, STOCK_ZSTD, 1.5],
  ['restore', GZIP, ORIGINAL.name, 8],
  ['restore', ZSTD, ORIGINAL.name, 9],
  ['restore-1%-changed', GZIP, ORIGINAL.name, 25],
  ['restore-1%-changed', ZSTD, ORIGINAL.name, 25],
  ['backup', PLAIN, ORIGINAL.name, 7],
  ['restore', PLAIN, ORIGINAL.name, 6],
];
const SIZE_PART = 1.03;
const MEMORIES: readonly [threads: number, megabytes: number][] = [
  [2, 400],
  [16, 1_000],
];

export function goalsOf({ results, gzip1Bytes, memory }: Figures): Goal[] {
  const find = (work: Work, tool: string) =>
    results.find((result) => result.disk === GOAL_DISK && result.work === work && result.tool === tool);
  const part = (bytes: number | undefined, of: number | null | undefined) =>
    bytes === undefined || of === undefined || of === null ? null : bytes / of;
  const speeds = SPEEDS.map(([work, tool, against, asked]): Goal => {
    const seconds = find(work, tool)?.medianSeconds;
    const reached = part(find(work, against)?.medianSeconds, seconds);
    return { words: `${work}: ${tool}, against ${against}`, asked, sense: 'at least', reached };
  });
  const sizes: [words: string, reached: number | null][] = [
    ['of the image: testbox gzip, against gzip -1', part(find('backup', GZIP)?.bytes, gzip1Bytes)],
    [
      'of the image: testbox zstd, against gzip -6',
      part(find('backup', ZSTD)?.bytes, find('backup', ORIGINAL.name)?.bytes),
    ],
  ];
  return [
    ...speeds,
    ...sizes.map(
      ([words, reached]): Goal => ({ words: `size ${words}`, asked: SIZE_PART, sense: 'at most', reached }),
    ),
    ...MEMORIES.map(([threads, asked]): Goal => {
      const peaks = memory.filter((sample) => sample.threads === threads).map(({ peakBytes }) => peakBytes);
      const reached = peaks.length === 0 ? null : Math.max(...peaks) / 1e6;
      return { words: `memory with ${threads} workers, MB`, asked, sense: 'at most', reached };
    }),
  ];
}

function isReached({ asked, sense, reached }: Goal): boolean {
  return reached !== null && (sense === 'at least' ? reached >= asked : reached <= asked);
}

/** Those that were measured; what was not is named in one line behind them. */
export function goalRows(goals: readonly Goal[]): { rows: string[][]; unmeasured: string | null } {
  const missing = goals.filter(({ reached }) => reached === null).map(({ words }) => words);
  const rows = goals.flatMap((goal) => {
    const { words, asked, sense, reached } = goal;
    if (reached === null) return [];
    const digits = reached < 2 ? 3 : reached < 100 ? 1 : 0;
    return [[words, `${sense} ${asked}`, reached.toFixed(digits), isReached(goal) ? 'yes' : 'no']];
  });
  return { rows, unmeasured: missing.length === 0 ? null : `Not measured: ${missing.join('; ')}.` };
}
