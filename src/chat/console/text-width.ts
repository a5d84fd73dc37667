import { stripVTControlCharacters } from 'node:util';

const WIDE =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ESCAPE = /\u001b\[[0-9;]*m/y;

/** Columns that the text takes on a terminal; colours take none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(stripVTControlCharacters(text)))
    width += graphemeWidth(segment);
  return width;
}

/** The text cut to the columns, with `…` where something was cut; colours are kept and closed. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  let width = 0;
  let at = 0;
  while (at < text.length) {
    ESCAPE.lastIndex = at;
    const colour = ESCAPE.exec(text)?.[0];
    if (colour !== undefined) {
      cut += colour;
      at += colour.length;
      continue;
    }
    const [grapheme = { segment: '' }] = GRAPHEMES.segment(text.slice(at));
    width += graphemeWidth(grapheme.segment);
    if (width > columns - 1) break;
    cut += grapheme.segment;
    at += grapheme.segment.length;
  }
  return text.includes('\u001b') ? `${cut}…\u001b[0m` : `${cut}…`;
}

/** The text in lines of at most that many columns, broken between words where they fit. */
export function wrapToWidth(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function graphemeWidth(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}
