import type { Figures } from './figures.ts';

export interface LoadFigures {
  /** From a stage in the store to the first message that shows it. */
  stages: Figures;
  /** From a notice that is owed to its post in the thread. */
  notices: Figures;
  /** From a command or click to the answer that its person sees. */
  answers: Figures;
  clicks: Figures;
  /** Of what people see of a running job's progress, at every second. */
  progress: Figures;
  postsPerMinute: number;
  editsPerMinute: number;
  /** Calls that Slack refused, for whatever reason. */
  refusedCalls: number;
  /** Rules of Slack that were broken, questions without an answer, errors. */
  problems: readonly string[];
}

const STAGE_SHOWN_MS = 10_000;
const ANSWERED_MS = 1_000;

interface Row {
  what: string;
  figures: Figures;
  bound: { part: number; ms: number } | null;
}

/** The table of a run, and what in it is out of bounds. */
export function resultTable(load: LoadFigures): { lines: string[]; broken: string[] } {
  const rows: Row[] = [
    { what: 'stage shown', figures: load.stages, bound: { part: 1, ms: STAGE_SHOWN_MS } },
    { what: 'command answered', figures: load.answers, bound: { part: 0.99, ms: ANSWERED_MS } },
    { what: 'click answered', figures: load.clicks, bound: { part: 0.99, ms: ANSWERED_MS } },
    { what: 'thread post', figures: load.notices, bound: null },
    { what: 'age of progress', figures: load.progress, bound: null },
  ];
  const broken = rows.filter(isBroken).map(({ what, figures, bound }) => {
    const reached = bound === null ? null : figures.percentile(bound.part);
    return `${what}: ${inSeconds(reached)} is above ${inSeconds(bound?.ms ?? null)}`;
  });
  return {
    lines: [
      ...layOut([['', 'count', 'median', 'p99', 'most', 'bound'], ...rows.map(cells)]),
      `posts a minute: ${load.postsPerMinute.toFixed(0)}, edits a minute: ${load.editsPerMinute.toFixed(0)}, calls refused by Slack: ${load.refusedCalls}`,
    ],
    broken: [...broken, ...load.problems],
  };
}

function isBroken({ figures, bound }: Row): boolean {
  return bound !== null && (figures.percentile(bound.part) ?? 0) > bound.ms;
}

function cells({ what, figures, bound }: Row): string[] {
  return [
    what,
    String(figures.count),
    inSeconds(figures.percentile(0.5)),
    inSeconds(figures.percentile(0.99)),
    inSeconds(figures.percentile(1)),
    bound === null ? '' : `${bound.part === 1 ? 'most' : 'p99'} ≤ ${bound.ms / 1000} s`,
  ];
}

function inSeconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1000).toFixed(2)} s`;
}

function layOut(table: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column))))
      .join('  '),
  );
}
