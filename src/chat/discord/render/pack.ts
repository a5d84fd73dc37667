import { clip } from './text.ts';

export interface Packed {
  /** The lines that have room, below each other. */
  text: string;
  /** The lines that have none. */
  left: readonly string[];
}

/** As many lines as have room. */
export function packLines(lines: readonly string[], limit: number): Packed {
  let length = -1;
  const left = lines.findIndex((line) => {
    length += line.length + 1;
    return length > limit;
  });
  const shown = left === -1 ? lines : lines.slice(0, left);
  return { text: shown.join('\n'), left: lines.slice(shown.length) };
}

/** The same, with what has no room counted at the end. */
export function packCounted(lines: readonly string[], limit: number): string {
  const all = packLines(lines, limit);
  if (all.left.length === 0) return all.text;
  const { text, left } = packLines(lines, limit - NOTE_SIZE);
  return clip([text, `… and ${left.length} more lines`].filter((part) => part !== '').join('\n'), limit);
}

/** Room for the note about what was left out. */
const NOTE_SIZE = 40;
