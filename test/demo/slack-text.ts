import type { SeenMessage } from '../fakes/slack/types.ts';
import { ACME } from '../fakes/slack/workspace.ts';

/** All that a message says, without formatting: what a script looks through. */
export function plainText(message: SeenMessage): string {
  const shown = message.blocks.length === 0 ? [fromMrkdwn(message.text)] : textsOf(message.blocks);
  return [...shown, ...message.files.map(({ content }) => content)].join('\n');
}

/** Every text below a block, whatever blocks there are or will be: `[Label]` for a button. */
function textsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (!isObject(node)) return [];
  const { type, text, title } = node;
  if (type === 'button') return [`[${textsOf(text).join(' ')}]`];
  if (typeof text === 'string') return [type === 'mrkdwn' ? fromMrkdwn(text) : text];
  // A plan's title and a task's are bare strings.
  const bare = typeof title === 'string' ? [title] : [];
  return [...bare, ...Object.values(node).flatMap(textsOf)];
}

/** What Slack's client shows for it: no marks, no escapes, names for ids. */
function fromMrkdwn(text: string): string {
  return text
    .replace(/`([^`\n]*)`/g, '$1')
    .replace(/(?<![\p{L}\p{N}*_~])([*_~])(\S(?:[^\n]*?\S)?)\1(?![\p{L}\p{N}*_~])/gu, '$2')
    .replace(/<([^<>]+)>/g, (_, link: string) => fromLink(link))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[\u200b\u2217\u02cd\u223c\u02cb]/g, (character) => LOOKS_LIKE[character] ?? '');
}

/** What the bot writes for characters that would format; a person reads them as these. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  '\u2217': '*',
  '\u02cd': '_',
  '\u223c': '~',
  '\u02cb': '`',
};

/** The inside of `<@U1>`, `<!subteam^S1>`, `<#C1>`, `<https://…|label>`. */
function fromLink(link: string): string {
  const [target = '', label] = link.split('|');
  if (label !== undefined) return label;
  const id = target.replace(/^(?:@|#|!subteam\^)/, '');
  if (target.startsWith('@')) return `@${ACME.users.find((user) => user.id === id)?.name ?? id}`;
  if (target.startsWith('#')) return `#${ACME.channels.find((channel) => channel.id === id)?.name ?? id}`;
  if (target.startsWith('!subteam^'))
    return `@${ACME.userGroups.find((group) => group.id === id)?.handle ?? id}`;
  return target;
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null;
}
