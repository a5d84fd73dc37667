import {
  cleanText,
  clipUnits,
  fitLine,
  type LinePart,
  lineParts,
  NOTHING,
  oneLine,
  withoutEmoji,
} from '../../safe-text.ts';

export { NOTHING };

/**
 * Text for Discord's markdown. Nothing in it mentions anybody, links to anything or is formatted
 * but our own `` `code` ``: a backslash stands before whatever would have an effect, and Discord
 * doesn't show it. Lines stay lines.
 */
export function escapeText(text: string): string {
  return cleanText(text).split('\n').map(escapeLine).join('\n');
}

/** The same on one line. */
export function escapeOneLine(text: string): string {
  return escapeLine(oneLine(text));
}

/** Text for the inside of a code span, where nothing can be escaped. */
export function escapeCode(text: string): string {
  return unableToCall(oneLine(text).replaceAll('`', '\u02cb'));
}

/**
 * Escaped text of at most so many UTF-16 units, with `…` where something was cut: never within a
 * character, an escape or a link, and code that was begun is closed.
 */
export function clip(text: string, limit: number): string {
  return clipUnits(text, { limit, units: UNITS });
}

/** Text where Discord knows no markdown: labels, choices, footers. */
export function plainLine(text: string, limit: number): string {
  return fitLine(text, { limit });
}

const UNITS = /\\[^\dA-Za-z\s]|<[@#]&?\d+>|\[[^\]`\n]*\]\([^)`\s]*\)|./gsu;

/** Single `~` and `|` have no meaning; `](` makes a link of what is before it, `://` of an address. */
const FORMATS = /[\\*_`<]|~(?=~)|\|(?=\|)|(?<=\])\(|(?<=:)\/(?=\/)/g;
/** No escape helps against these: Discord's server looks for them in any text. */
const EVERYONE = /@(?=everyone|here)/gi;
const ZERO_WIDTH_SPACE = '\u200b';
/** What makes a heading, a list, a quotation or small print at the beginning of a line. */
const BEGINS = /^(\s*)([-+#>])(?=[-+#>\s]|$)/;
const BEGINS_NUMBERED = /^(\s*\d+)\.(?=\s)/;

function escapeLine(line: string): string {
  return lineParts(line).map(escapePart).join('').replace(BEGINS, '$1\\$2').replace(BEGINS_NUMBERED, '$1\\.');
}

function escapePart(part: LinePart): string {
  if (part.kind === 'code') return `\`${unableToCall(part.text)}\``;
  return unableToCall(withoutEmoji(part.text.replace(FORMATS, '\\$&'), '\\:'));
}

function unableToCall(text: string): string {
  return text.replace(EVERYONE, `@${ZERO_WIDTH_SPACE}`);
}
