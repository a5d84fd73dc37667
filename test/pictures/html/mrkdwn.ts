import { escapeHtml } from './escape.ts';

/** How ids are shown: users by their names, channels by theirs. */
export interface Directory {
  users: Readonly<Record<string, string>>;
  channels: Readonly<Record<string, string>>;
}

const PARTS =
  /`([^`\n]+)`|<([^<>]+)>|(?<![\w*])\*(?=\S)([^*\n]+)\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]+)_(?!\w)|\n/g;

/**
 * Slack's mrkdwn as its client shows it: code, links, mentions, dates, bold, italic. What is escaped
 * for Slack is escaped for HTML, too.
 */
export function mrkdwnHtml(text: string, directory: Directory): string {
  let html = '';
  let at = 0;
  for (const match of text.matchAll(PARTS)) {
    html += text.slice(at, match.index) + partHtml(match, directory);
    at = match.index + match[0].length;
  }
  return html + text.slice(at);
}

function partHtml([, code, reference, bold, italic]: RegExpMatchArray, directory: Directory): string {
  if (code !== undefined) return `<code>${code}</code>`;
  if (reference !== undefined) return referenceHtml(reference, directory);
  if (bold !== undefined) return `<b>${mrkdwnHtml(bold, directory)}</b>`;
  if (italic !== undefined) return `<i>${mrkdwnHtml(italic, directory)}</i>`;
  return '<br>';
}

function referenceHtml(reference: string, { users, channels }: Directory): string {
  const [target = '', label] = reference.split('|');
  const id = target.slice(1);
  if (target.startsWith('@')) return `<span class="mention">@${escapeHtml(users[id] ?? id)}</span>`;
  if (target.startsWith('#')) return `<span class="mention">#${escapeHtml(channels[id] ?? id)}</span>`;
  if (target.startsWith('!subteam^')) return `<span class="mention">@${escapeHtml(label ?? target)}</span>`;
  if (target.startsWith('!date^')) return escapeHtml(dateText(target));
  return `<a>${label ?? target}</a>`;
}

/** `!date^1795366800^{date_short_pretty} at {time}`, for a reader in UTC on the same day. */
function dateText(target: string): string {
  const [, seconds = '0', format = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1000).toISOString();
  return format.replace('{date_short_pretty}', 'today').replace('{time}', at.slice(11, 16));
}
