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
 * Text for mrkdwn. Nothing in it mentions anybody or links to anything: `&`, `<` and `>` are
 * escaped. Our own texts have `` `code` ``, and that stays code. Everything else that Slack would
 * format is shown as it was written, in characters that look the same where Slack has no escape
 * for its own: stray backticks, `*bold*`, `_italic_`, `~struck~`, a `>` that quotes. Lines stay
 * lines.
 */
export function escapeText(text: string): string {
  return cleanText(text).split('\n').map(escapeLine).join('\n');
}

/** The same on one line. */
export function escapeOneLine(text: string): string {
  return escapeLine(oneLine(text));
}

/** Text for the inside of a code span. */
export function escapeCode(text: string): string {
  return escapeEntities(oneLine(text).replaceAll('`', LOOKS_LIKE['`']));
}

/**
 * Escaped text of at most so many UTF-16 units, with `…` where something was cut: never within a
 * character, an escape (`&amp;`) or a link, and code that was begun is closed.
 */
export function clip(text: string, limit: number): string {
  return clipUnits(text, { limit, units: UNITS });
}

/** Text for a plain text object: one line, of at most so many units even when Slack escapes it. */
export function plainLine(text: string, limit: number): string {
  return fitLine(text, { limit, lengthOf: (part) => escapeEntities(part).length });
}

const UNITS = /&(?:amp|lt|gt);|<[^<>\n]*>|./gsu;
const OPENS_FORMAT = /(?<![A-Za-z0-9])[*_~](?=\S)/g;
/** What Slack takes for a quotation at the beginning of a line. */
const QUOTES = /^(\s*)(?:&gt;|\uff1e)/;
const ZERO_WIDTH_SPACE = '\u200b';
const LOOKS_LIKE: Readonly<Record<string, string>> & { '`': string } = {
  '*': '\u2217',
  _: '\u02cd',
  '~': '\u223c',
  '`': '\u02cb',
};
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeLine(line: string): string {
  return lineParts(line).map(escapePart).join('').replace(QUOTES, '$1\u203a');
}

/** What is never closed formats nothing. */
function escapePart(part: LinePart): string {
  if (part.kind === 'code') return `\`${escapeEntities(part.text)}\``;
  const { text, rest } = part;
  const shown = text
    .replaceAll('`', LOOKS_LIKE['`'])
    .replace(OPENS_FORMAT, (mark, at: number) =>
      text.lastIndexOf(mark) > at || rest.includes(mark) ? (LOOKS_LIKE[mark] ?? mark) : mark,
    );
  return escapeEntities(withoutEmoji(shown, `:${ZERO_WIDTH_SPACE}`));
}

function escapeEntities(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
