import type { Sample, Work } from './measure.ts';
import type { DiskKind } from './options.ts';
import type { Tool } from './tools.ts';

/** One line of the table and of `--json`. */
export interface Result {
  disk: DiskKind;
  work: Work;
  tool: string;
  medianSeconds: number;
  /** How many times faster than the original; 1 is the original. */
  ratioToOriginal: number;
  /** Of the image. */
  bytes: number;
}

export function resultsOf(disk: DiskKind, samples: readonly Sample[], original: Tool): Result[] {
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

export function resultTable(results: readonly Result[], sizeBytes: number): string {
  const rows = results.map((result) => [
    result.work,
    result.tool,
    `${result.medianSeconds.toFixed(2)} s`,
    `${(sizeBytes / 1e6 / result.medianSeconds).toFixed(0)} MB/s`,
    `${result.ratioToOriginal.toFixed(2)} x`,
    `${(result.bytes / 1e6).toFixed(0)} MB`,
  ]);
  const table = [['work', 'tool', 'median', 'disk rate', 'original', 'image'], ...rows];
  const widths =
    table[0]?.map((_cell, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
