import type { Sample } from './measure.ts';
import type { Work } from './options.ts';
import { columns, markdownColumns } from './table.ts';
import { ORIGINAL, type Tool } from './tools.ts';

/** One line of `--json`. */
export interface Result {
  /** Its kind, and the link that images were kept behind. */
  disk: string;
  work: Work;
  tool: string;
  medianSeconds: number;
  /** How many times faster than the original; 1 is the original. */
  ratioToOriginal: number;
  /** Of the image. */
  bytes: number;
}

export function resultsOf(disk: string, samples: readonly Sample[], original: Tool = ORIGINAL): Result[] {
  const works = [...new Set(samples.map(({ work }) => work))];
  return works.flatMap((work) => {
    const ofWork = samples.filter((sample) => sample.work === work);
    const tools = [...new Set(ofWork.map(({ tool }) => tool))];
    const secondsOf = (tool: Tool) =>
      median(ofWork.filter((sample) => sample.tool === tool).map((s) => s.seconds));
    const originalSeconds = secondsOf(original);
    return tools.map((tool) => ({
      disk,
      work,
      tool: tool.name,
      medianSeconds: secondsOf(tool),
      ratioToOriginal: originalSeconds / secondsOf(tool),
      bytes: ofWork.findLast((sample) => sample.tool === tool)?.imageBytes ?? 0,
    }));
  });
}

/** The most that ours took, over all samples: null before it told of any. */
export function peakBytes(samples: readonly Sample[]): number | null {
  const peaks = samples.flatMap(({ told }) => (told === null ? [] : [told.peakBytes]));
  return peaks.length === 0 ? null : Math.max(...peaks);
}

/** Which libraries coded for each of our tools. */
export function coders(samples: readonly Sample[]): string[] {
  const all = samples.flatMap(({ tool, told }) =>
    told === null || told.coder === '' ? [] : [`${tool.name}: ${told.coder}`],
  );
  return [...new Set(all)];
}

const HEAD = ['work', 'tool', 'median', 'disk rate', 'original', 'image'];

/** As text in columns. */
export function resultTable(results: readonly Result[], sizeBytes: number): string {
  return columns(
    HEAD,
    results.map((result) => cells(result, sizeBytes)),
  );
}

/** As a table of a Markdown page. */
export function markdownTable(results: readonly Result[], sizeBytes: number): string {
  return markdownColumns(
    HEAD,
    results.map((result) => cells(result, sizeBytes)),
  );
}

function cells(result: Result, sizeBytes: number): string[] {
  return [
    result.work,
    result.tool,
    `${result.medianSeconds.toFixed(2)} s`,
    `${(sizeBytes / 1e6 / result.medianSeconds).toFixed(0)} MB/s`,
    `${result.ratioToOriginal.toFixed(2)} x`,
    `${(result.bytes / 1e6).toFixed(0)} MB`,
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
