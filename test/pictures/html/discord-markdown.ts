import { escapeHtml } from './escape.ts';

/** How ids are shown. */
export interface DiscordNames {
  users: Readonly<Record<string, string>>;
  roles: Readonly<Record<string, string>>;
  channels: Readonly<Record<string, string>>;
}

/**
 * Discord's markdown as its client shows it. Lines that begin a heading, a list, a quotation or small
 * print, then what is formatted within the lines.
 */
export function discordHtml(text: string, names: DiscordNames): string {
  let html = '';
  let items = '';
  const endList = (): void => {
    html += items === '' ? '' : `<ul>${items}</ul>`;
    items = '';
  };
  for (const line of text.split('\n')) {
    const [, mark, rest = ''] = BLOCK.exec(line) ?? [];
    if (mark !== undefined && /^(?:[-*]|\d+\.)$/.test(mark)) {
      items += `<li>${inlineHtml(rest, names)}</li>`;
      continue;
    }
    endList();
    html +=
      mark === undefined
        ? `<div>${inlineHtml(line, names) || '&nbsp;'}</div>`
        : blockHtml(mark, inlineHtml(rest, names));
  }
  endList();
  return html;
}

const BLOCK = /^\s*(#{1,3}|-#|[-*]|\d+\.|>>>|>)\s+(.*)$/s;

function blockHtml(mark: string, inner: string): string {
  if (mark === '-#') return `<small>${inner}</small>`;
  return mark.startsWith('#')
    ? `<h${mark.length}>${inner}</h${mark.length}>`
    : `<blockquote>${inner}</blockquote>`;
}

type Draw = (match: RegExpExecArray, names: DiscordNames) => string;

const inTag =
  (tag: string): Draw =>
  ([, inner = ''], names) =>
    `<${tag}>${inlineHtml(inner, names)}</${tag}>`;

/** The first that fits at a place is taken, as in Discord's client. */
const RULES: readonly (readonly [RegExp, Draw])[] = [
  [/\\([^\dA-Za-z\s])/y, ([, character = '']) => escapeHtml(character)],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, ([, , code = '']) => `<code>${escapeHtml(code.trim())}</code>`],
  [
    /\[((?:\[[^\]]*\]|[^[\]])+)\]\(<?(?:https?|discord):\/\/[^\s)]+\)/y,
    ([, label = '']) => `<a>${escapeHtml(label)}</a>`,
  ],
  [/(?:https?|discord):\/\/[^\s<]+[^<.,:;"')\]\s]/y, ([url]) => `<a>${escapeHtml(url)}</a>`],
  [/<(@[!&]?|#)(\d+)>/y, mentionHtml],
  [/@(?:everyone|here)/y, ([all]) => `<b class="all">${all}</b>`],
  [
    /<(?:t:|\/|a?:|id:|\+|[^\s<>@]+@)[^<>]*>/y,
    ([special]) => `<i class="special">${escapeHtml(special)}</i>`,
  ],
  [
    /:((?=[^:]*[^\d:])[\w+-]{1,100}|100|1234):/y,
    ([, name = '']) => `<i class="emoji">${escapeHtml(name)}</i>`,
  ],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, inTag('b')],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, inTag('u')],
  [/\*(?=\S)((?:\\[\s\S]|[^\\*])+?)\*(?!\*)/y, inTag('i')],
  [/_((?:\\[\s\S]|[^\\_])+?)_\b/y, inTag('i')],
  [/~~((?:\\[\s\S]|[^\\])+?)~~/y, inTag('s')],
  [/\|\|([\s\S]+?)\|\|/y, inTag('mark')],
];

export function inlineHtml(text: string, names: DiscordNames): string {
  let html = '';
  for (let at = 0; at < text.length; ) {
    const drawn = drawnAt(text, at, names);
    html += drawn.html;
    at += drawn.length;
  }
  return html;
}

function drawnAt(text: string, at: number, names: DiscordNames): { html: string; length: number } {
  for (const [rule, draw] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(text);
    if (match !== null) return { html: draw(match, names), length: match[0].length };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { html: escapeHtml(character), length: character.length };
}

function mentionHtml([, kind, id = '']: RegExpExecArray, { users, roles, channels }: DiscordNames): string {
  const name = kind === '#' ? channels[id] : kind === '@&' ? roles[id] : users[id];
  return `<span class="mention">${kind === '#' ? '#' : '@'}${escapeHtml(name ?? id)}</span>`;
}
