import { ACME } from '../fakes/discord/guild.ts';
import type { SeenDiscordMessage } from '../fakes/discord/types.ts';

/** All that a message says, without formatting: what a script looks through. `[Label]` for a button. */
export function plainText({ text, buttons, files }: SeenDiscordMessage): string {
  return [
    fromMarkdown(text),
    ...buttons.map(({ label }) => `[${label}]`),
    ...files.map(({ content }) => content),
  ].join('\n');
}

const ESCAPED = /\\([^\dA-Za-z\s])/g;
/** What an escaped character is while the marks are taken away, so that it isn't taken for one. */
const HIDDEN_FROM = 0xe000;

/** What Discord's client shows for it: no marks, no escapes, names for ids. */
function fromMarkdown(text: string): string {
  return text
    .replace(ESCAPED, (_, character: string) => String.fromCharCode(HIDDEN_FROM + character.charCodeAt(0)))
    .replace(/^(?:-# |#{1,3} |> )/gm, '')
    .replace(/`([^`\n]*)`/g, '$1')
    .replace(/\*\*(.+?)\*\*/g, '$1')
    .replace(/\[([^\]\n]*)\]\((?:[^()\s]*)\)/g, '$1')
    .replace(/<(@&?|#)(\d+)>/g, (_, sigil: string, id: string) => `${sigil.charAt(0)}${nameOf(id)}`)
    .replace(/[\ue000-\ue0ff]/g, (hidden) => String.fromCharCode(hidden.charCodeAt(0) - HIDDEN_FROM))
    .replace(/[\u200b\u02cb]/g, (character) => (character === '\u02cb' ? '`' : ''));
}

function nameOf(id: string): string {
  const known = [...ACME.users, ...ACME.roles, ...ACME.channels];
  return known.find((one) => one.id === id)?.name ?? id;
}
