/**
 * Text for mrkdwn. Nothing in it mentions anybody or links to anything: `&`, `<` and `>` are
 * escaped. Our own texts have `` `code` ``, and that stays code: a pair of single backticks on
 * one line with no letter or digit right outside of it. Everything else that Slack would format
 * is shown as it was written, in characters that look the same where Slack has no escape for
 * its own: stray backticks, `*bold*`, `_italic_`, `~struck~`, a `>` that quotes. MAC addresses
 * are code, for Slack has emoji of names like `:ab:`. Lines stay lines.
 */
export function escapeText(text: string): string {
  return clean(text).split('\n').map(escapeLine).join('\n');
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
  if (text.length <= limit) return text;
  let fits = '';
  let kept = '';
  let inCode = false;
  for (const [unit] of text.matchAll(UNITS)) {
    if (kept.length + ending(inCode).length > limit) break;
    fits = `${kept}${ending(inCode)}`;
    kept += unit;
    inCode = unit === '`' ? !inCode : inCode && unit !== '\n';
  }
  return fits;
}

/** Text for a plain text object: one line, of at most so many units even when Slack escapes it. */
export function plainLine(text: string, limit: number): string {
  const line = oneLine(text).trim();
  if (line === '') return NOTHING;
  if (escapeEntities(line).length <= limit) return line;
  let kept = '';
  let length = 0;
  for (const character of line) {
    length += escapeEntities(character).length;
    if (length > limit - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Slack refuses texts without a character in them. */
export const NOTHING = '…';

const UNITS = /&(?:amp|lt|gt);|<[^<>\n]*>|./gsu;
const CODE_OR_MAC = /(?<![\p{L}\p{N}`:])(?:`[^`]+`|[\da-f]{2}(?::[\da-f]{2}){5})(?![\p{L}\p{N}`:])/giu;
const OPENS_FORMAT = /(?<![A-Za-z0-9])[*_~](?=\S)/g;
const MAYBE_EMOJI = /:(?=([^\s:]{1,100}):)/gu;
/** No emoji has a number for its name but these: times of day and addresses stay as they are. */
const NUMBER_NOT_EMOJI = /^(?!(?:100|1234)$)\d+$/;
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
  const escaped: string[] = [];
  let at = 0;
  for (const { 0: found, index } of line.matchAll(CODE_OR_MAC)) {
    escaped.push(escapeWords(line.slice(at, index), line.slice(index)));
    escaped.push(found.startsWith('`') ? escapeCodeSpan(found) : `\`${found}\``);
    at = index + found.length;
  }
  escaped.push(escapeWords(line.slice(at), ''));
  return escaped.join('').replace(QUOTES, '$1\u203a');
}

function escapeCodeSpan(span: string): string {
  return escapeEntities(/[^`\s]/.test(span) ? span : span.replaceAll('`', LOOKS_LIKE['`']));
}

/** @param rest the line behind the words: what is never closed formats nothing */
function escapeWords(words: string, rest: string): string {
  const shown = words
    .replaceAll('`', LOOKS_LIKE['`'])
    .replace(OPENS_FORMAT, (mark, at: number) =>
      words.lastIndexOf(mark) > at || rest.includes(mark) ? (LOOKS_LIKE[mark] ?? mark) : mark,
    )
    .replace(MAYBE_EMOJI, (colon, name: string) =>
      NUMBER_NOT_EMOJI.test(name) ? colon : `${colon}${ZERO_WIDTH_SPACE}`,
    );
  return escapeEntities(shown);
}

function escapeEntities(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

function ending(inCode: boolean): string {
  return inCode ? '…`' : '…';
}

function oneLine(text: string): string {
  return clean(text).replaceAll('\n', ' ');
}

/** Half characters, control characters and those that turn the direction of reading are no text. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
