import type { SectionBlock } from '@slack/types';
import { LIMITS } from './limits.ts';
import { section } from './objects.ts';
import { clip } from './text.ts';

export interface Packing {
  /** How much JSON the texts may be together. */
  size: number;
  /** At most so many lines in one section. */
  linesEach?: number;
  sections?: number;
  /** What the lines are called where some are left out, as `more lines`. */
  others: string;
}

/** Escaped lines in sections, broken between lines; what has no room is counted at the end. */
export function packLines(lines: readonly string[], packing: Packing): SectionBlock[] {
  const texts: string[][] = [];
  let taken = 0;
  let size = 0;
  const short = lines.map((line) => clip(line, TEXT_LENGTH));
  for (const line of short) {
    const last = texts.at(-1);
    const opens = last === undefined || !hasRoom(last, line, packing);
    size += sizeOf(line) + (opens ? SECTION_OVERHEAD : 0);
    const isLastLine = taken === short.length - 1;
    if (size > packing.size - (isLastLine ? 0 : NOTE_SIZE)) break;
    if (opens && texts.length === (packing.sections ?? Number.POSITIVE_INFINITY)) break;
    if (opens) texts.push([line]);
    else last.push(line);
    taken += 1;
  }
  if (taken < lines.length) addNote(texts, `… and ${lines.length - taken} ${packing.others}`);
  return texts
    .map((text) => text.join('\n'))
    .filter((text) => text.trim() !== '')
    .map(section);
}

/** Room for the note about what was left out, which goes into the last section. */
const NOTE_SIZE = 100;
const TEXT_LENGTH = LIMITS.sectionText - NOTE_SIZE;
const SECTION_OVERHEAD = JSON.stringify(section('')).length + 1;

function hasRoom(
  text: readonly string[],
  line: string,
  { linesEach = Number.POSITIVE_INFINITY }: Packing,
): boolean {
  const length = text.reduce((sum, { length }) => sum + length + 1, 0);
  return text.length < linesEach && length + line.length <= TEXT_LENGTH;
}

function addNote(texts: string[][], note: string): void {
  const last = texts.at(-1);
  if (last === undefined) texts.push([note]);
  else last.push(note);
}

/** What a line adds to the JSON. */
function sizeOf(line: string): number {
  return JSON.stringify(line).length;
}
