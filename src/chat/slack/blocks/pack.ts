import type { SectionBlock } from '@slack/types';
import { LIMITS } from './limits.ts';
import { section } from './objects.ts';
import { clip } from './text.ts';

export interface Packing {
  /** How much JSON the sections may be together. */
  size: number;
  /** At most so many lines in one section. */
  linesEach?: number;
  /** At most so many sections. */
  sections?: number;
  /** What is said of lines that are left out: `more lines`. */
  others: string;
}

/**
 * Escaped lines in sections, broken between lines and at the end of a paragraph; what has no
 * room is counted at the end.
 */
export function packLines(lines: readonly string[], packing: Packing): SectionBlock[] {
  const short = lines.map((line) => clip(line, TEXT_LENGTH));
  const packed = new Packed(packing);
  const left = short.findIndex((line, index) => !packed.add(line, index === short.length - 1));
  if (left !== -1) packed.note(`… and ${short.length - left} ${packing.others}`);
  return packed.texts().map(section);
}

/** Room for the note about what was left out, which goes into the last section. */
const NOTE_SIZE = 100;
const TEXT_LENGTH = LIMITS.sectionText - NOTE_SIZE;
const SECTION_SIZE = JSON.stringify(section('')).length + 1;
/** A message of more paragraphs shows the others with an empty line between them. */
const PARAGRAPHS = 6;

class Packed {
  readonly #limits: Required<Omit<Packing, 'others'>>;
  readonly #sections: { lines: string[]; length: number }[] = [];
  #size = 0;
  /** Before the next line a paragraph ends. */
  #ended = false;

  constructor({ size, linesEach = Number.POSITIVE_INFINITY, sections = Number.POSITIVE_INFINITY }: Packing) {
    this.#limits = { size, linesEach, sections };
  }

  /** False when there is no room. */
  add(line: string, isLast: boolean): boolean {
    if (line === '' && this.#sections.length < PARAGRAPHS) {
      this.#ended = this.#sections.length > 0;
      return true;
    }
    const current = this.#sections.at(-1);
    const opens = current === undefined || this.#ended || !this.#fits(line, current);
    const size = this.#size + JSON.stringify(line).length + (opens ? SECTION_SIZE : 0);
    if (size > this.#limits.size - (isLast ? 0 : NOTE_SIZE + SECTION_SIZE)) return false;
    if (opens && this.#sections.length === this.#limits.sections) return false;
    this.#size = size;
    this.#ended = false;
    if (opens) this.#sections.push({ lines: [line], length: line.length });
    else this.#append(current, line);
    return true;
  }

  note(text: string): void {
    const last = this.#sections.at(-1);
    if (last === undefined) this.#sections.push({ lines: [text], length: text.length });
    else this.#append(last, text);
  }

  texts(): string[] {
    return this.#sections.map(({ lines }) => lines.join('\n')).filter((text) => text.trim() !== '');
  }

  #fits(line: string, { lines, length }: { lines: readonly string[]; length: number }): boolean {
    return lines.length < this.#limits.linesEach && length + 1 + line.length <= TEXT_LENGTH;
  }

  #append(to: { lines: string[]; length: number }, line: string): void {
    to.lines.push(line);
    to.length += 1 + line.length;
  }
}
