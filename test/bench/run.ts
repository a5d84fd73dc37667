import type { Sample } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Chapter } from './page.ts';
import type { Tool } from './tools.ts';

/** What all parts of one run of the bench share. */
export interface Run {
  options: BenchOptions;
  folder: string;
  /** Our imaging program. */
  imaging: string;
  tools: readonly Tool[];
  samples: Sample[];
  chapters: Chapter[];
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function sayChapter({ title, sizeBytes, results }: Chapter, table: string): void {
  if (results.length > 0) say(`\n${title}, ${sizeBytes / 1024 ** 2} MiB\n${table}\n`);
}
