/** What is done with text before a platform shows it, whichever platform it is. */

/** Platforms refuse texts without a character in them. */
export const NOTHING = '…';

/** Half characters, control characters and those that turn the direction of reading are no text. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Clean text on one line. */
export function oneLine(text: string): string {
  return cleanText(text).replaceAll('\n', ' ');
}

export type LinePart =
  | { kind: 'code'; text: string }
  /** `rest` is the line behind the words. */
  | { kind: 'words'; text: string; rest: string };

const CODE_OR_MAC = /(?<![\p{L}\p{N}`:])(?:`[^`]+`|[\da-f]{2}(?::[\da-f]{2}){5})(?![\p{L}\p{N}`:])/giu;

/**
 * A line taken apart into words and code, which is given without its marks. Our own texts have
 * `` `code` ``: a pair of single backticks with something between, and no letter or digit right
 * outside of it. MAC addresses are code too, for chats have emoji of names like `:ab:`.
 */
export function lineParts(line: string): LinePart[] {
  const parts: LinePart[] = [];
  let at = 0;
  for (const { 0: found, index } of line.matchAll(CODE_OR_MAC)) {
    parts.push({ kind: 'words', text: line.slice(at, index), rest: line.slice(index) });
    at = index + found.length;
    const code = found.startsWith('`') ? found.slice(1, -1) : found;
    parts.push(
      code.trim() === ''
        ? { kind: 'words', text: found, rest: line.slice(at) }
        : { kind: 'code', text: code },
    );
  }
  parts.push({ kind: 'words', text: line.slice(at), rest: '' });
  return parts;
}

const MAYBE_EMOJI = /:(?=([^\s:]{1,100}):)/gu;
/** No emoji has a number for its name but these: times of day and addresses stay as they are. */
const NUMBER_NOT_EMOJI = /^(?!(?:100|1234)$)\d+$/;

/** Text with another sign for each colon that may begin the name of an emoji, as in `:tada:`. */
export function withoutEmoji(text: string, colon: string): string {
  return text.replace(MAYBE_EMOJI, (found, name: string) => (NUMBER_NOT_EMOJI.test(name) ? found : colon));
}

/**
 * Escaped text of at most so many UTF-16 units, with `…` where something was cut, and code that
 * was begun is closed.
 *
 * @param units finds what is never cut apart: characters, escapes, links
 */
export function clipUnits(text: string, { limit, units }: { limit: number; units: RegExp }): string {
  if (text.length <= limit) return text;
  let fits = '';
  let kept = '';
  let inCode = false;
  for (const [unit] of text.matchAll(units)) {
    if (kept.length + ending(inCode).length > limit) break;
    fits = `${kept}${ending(inCode)}`;
    kept += unit;
    // An escaped backtick opens no code, but within code nothing is escaped, and it closes it.
    if (unit === '`' || (inCode && unit.endsWith('`'))) inCode = !inCode;
    else if (unit === '\n') inCode = false;
  }
  return fits;
}

/**
 * One line that is shown as it is written, of at most so many units.
 *
 * @param lengthOf what the platform counts of a text
 */
export function fitLine(
  text: string,
  { limit, lengthOf = plainLength }: { limit: number; lengthOf?: (text: string) => number },
): string {
  const line = oneLine(text).trim();
  if (line === '') return NOTHING;
  if (lengthOf(line) <= limit) return line;
  let kept = '';
  let length = 0;
  for (const character of line) {
    length += lengthOf(character);
    if (length > limit - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

function plainLength(text: string): number {
  return text.length;
}

function ending(inCode: boolean): string {
  return inCode ? '…`' : '…';
}
