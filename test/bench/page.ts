import { readFile, writeFile } from 'node:fs/promises';
import { markdownTable, type Result } from './results.ts';
import { markdownColumns } from './table.ts';

const MIB = 1024 ** 2;
const BEGIN = '<!-- figures: begin, written by npm run bench -->';
const END = '<!-- figures: end -->';

/** All that was measured of one disk, or of one disk behind one link. */
export interface Chapter {
  title: string;
  /** Of the disk, or of all disks that were imaged at once. */
  sizeBytes: number;
  results: readonly Result[];
}

export interface Figures {
  /** Sentences about the machine, the day and the sizes. */
  about: readonly string[];
  /** What was promised, and what came of it. */
  goals: readonly (readonly string[])[];
  chapters: readonly Chapter[];
}

/** Replaces the figures of the page, and nothing else. @throws when it has no place for them */
export async function writePage(path: string, figures: Figures): Promise<void> {
  const page = await readFile(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for figures: ${BEGIN} … ${END}`);
  const text = figuresText(figures);
  await writeFile(path, `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`);
}

export function figuresText({ about, goals, chapters }: Figures): string {
  return [
    about.join('\n'),
    ...(goals.length === 0 ? [] : [markdownColumns(['goal', 'asked', 'reached', ''], goals)]),
    ...chapters.map(
      ({ title, sizeBytes, results }) =>
        `### ${title}, ${sizeBytes / MIB} MiB\n\n${markdownTable(results, sizeBytes)}`,
    ),
  ].join('\n\n');
}
