/** Display names by user id; ids that have none stay ids. */
export type Names = ReadonlyMap<string, string>;

/**
 * What somebody typed, without what Slack made of it: links around addresses and host names,
 * mentions, escaped characters, and the marks of bold, italic, struck and code. Blanks and quotes
 * of other kinds are the command parser's to tidy.
 */
export function cleanText(text: string, names: Names = new Map()): string {
  const plain = text.replace(/<([^<>]+)>/g, (whole, inside: string) => plainTag(inside, names) ?? whole);
  return withoutMarks(unescaped(plain));
}

/** Ids of the users that a text mentions. */
export function mentionedUsers(text: string): string[] {
  return [...text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)].flatMap(([, user]) => user ?? []);
}

/** Nothing but blanks, visible or not. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}]*$/u.test(text);
}

/** Null when it is no tag of Slack's. */
function plainTag(inside: string, names: Names): string | null {
  const [, kind, target, label] = /^([@#!]?)([^|]*)(?:\|(.*))?$/s.exec(inside) ?? [];
  if (target === undefined) return null;
  const said = label === undefined || label === '' ? null : label;
  switch (kind) {
    case '@':
      return `@${names.get(target) ?? said ?? target}`;
    case '#':
      return `#${said ?? target}`;
    case '!':
      return plainSpecial(target, said);
    default:
      return /^[a-z][a-z0-9+.-]*:/i.test(target) ? (said ?? target.replace(/^(?:tel|mailto):/i, '')) : null;
  }
}

/** `!here`, `!subteam^S1|@lab`, `!date^…|in plain words`. */
function plainSpecial(target: string, label: string | null): string {
  const [word = '', id] = target.split('^');
  if (word === 'date') return label ?? '';
  return `@${(label ?? id ?? word).replace(/^@/, '')}`;
}

/** In one pass: what is unescaped must not be taken for an escape again. */
function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
  return text.replace(/&(?:amp|lt|gt);/g, (escaped) => characters[escaped] ?? escaped);
}

/** A mark counts where Slack would show it as one: at the edges of words, in pairs. */
const MARKED =
  /(?<=^|[\s\p{Cf}:,("'])(?:(```|`)\s*([^`]+?)\s*\1|([*_~])(?=\S)([^\n]*?\S)\3)(?=$|[\s\p{Cf}:.,;!?)"'])/gu;

function withoutMarks(text: string): string {
  const without = text.replace(
    MARKED,
    (_whole, _ticks, code: string | undefined, _mark, marked: string | undefined) => code ?? marked ?? '',
  );
  return without === text ? text : withoutMarks(without);
}
