import {
  type APIEmbed,
  type APIModalInteractionResponseCallbackData,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { ButtonRow } from '../../../src/chat/discord/render/buttons.ts';
import type { DiscordPayload } from '../../../src/chat/discord/render/message.ts';
import { type DiscordNames, discordHtml, inlineHtml } from './discord-markdown.ts';
import { escapeHtml } from './escape.ts';

export interface ShownOnDiscord {
  /** Wall-clock time beside the name, as `17:05`. */
  time: string;
  payload: Pick<DiscordPayload, 'content' | 'embeds' | 'components'>;
  onlyYouCanSeeThis?: boolean;
  /** Discord shows no avatar and name again within a few minutes. */
  follows?: boolean;
  file?: { name: string; content: string } | null;
}

/** A message of the bot with its avatar, name and time. */
export function discordMessageHtml(message: ShownOnDiscord, names: DiscordNames): string {
  const { time, payload, follows = false, file = null } = message;
  const who = `<div class="who"><b>Testbox</b> <span class="app">APP</span> <span class="time">${time}</span></div>`;
  return `<div class="message${follows ? ' follows' : ''}">
    ${follows ? `<div class="gutter">${time}</div>` : '<div class="avatar">T</div>'}
    <div class="content">
      ${follows ? '' : who}
      ${payload.content === '' ? '' : `<div class="words">${discordHtml(payload.content, names)}</div>`}
      ${file === null ? '' : fileHtml(file)}
      ${payload.embeds.map((embed) => embedHtml(embed, names)).join('')}
      ${payload.components.map(rowHtml).join('')}
      ${message.onlyYouCanSeeThis === true ? '<div class="note">Only you can see this · <a>Dismiss message</a></div>' : ''}
    </div>
  </div>`;
}

export function discordThreadHtml(
  { channel, name }: { channel: string; name: string },
  messages: readonly string[],
): string {
  return `<div class="bar"><span class="hash">#</span><b>${escapeHtml(channel)}</b><span>›</span><b>${escapeHtml(name)}</b></div>${messages.join('\n')}`;
}

/** @throws for a part that our dialogs don't have */
export function discordModalHtml({ title, components }: APIModalInteractionResponseCallbackData): string {
  const parts = components.map((part) => {
    if (part.type !== ComponentType.Label || part.component.type !== ComponentType.TextInput)
      return unknown(part.type);
    const { label, description } = part;
    return `<div class="input"><label>${escapeHtml(label)}</label>${
      description === undefined ? '' : `<div class="hint">${escapeHtml(description)}</div>`
    }<div class="box tall"><i class="count">${part.component.max_length ?? ''}</i></div></div>`;
  });
  return `<div class="backdrop"><div class="modal">
    <div class="modal-title"><div class="avatar small">T</div><b>${escapeHtml(title)}</b><span class="x">✕</span></div>
    <div class="modal-body">${parts.join('')}</div>
    <div class="modal-foot"><span class="button secondary">Cancel</span><span class="button submit">Submit</span></div>
  </div></div>`;
}

function embedHtml({ title, description = '', color, footer }: APIEmbed, names: DiscordNames): string {
  const edge = color === undefined ? '' : ` style="border-color: #${color.toString(16).padStart(6, '0')}"`;
  return `<div class="embed"${edge}>
    ${title === undefined ? '' : `<div class="title">${inlineHtml(title, names)}</div>`}
    <div class="description">${discordHtml(description, names)}</div>
    ${footer === undefined ? '' : `<div class="footer">${escapeHtml(footer.text)}</div>`}
  </div>`;
}

const STYLES: Readonly<Partial<Record<ButtonStyle, string>>> = {
  [ButtonStyle.Secondary]: 'secondary',
  [ButtonStyle.Success]: 'success',
  [ButtonStyle.Danger]: 'danger',
};

function rowHtml({ components }: ButtonRow): string {
  const buttons = components.map(
    ({ label = '', style }) =>
      `<span class="button ${STYLES[style] ?? unknown(style)}">${escapeHtml(label)}</span>`,
  );
  return `<div class="actions">${buttons.join('')}</div>`;
}

function fileHtml({ name, content }: { name: string; content: string }): string {
  const lines = content.trimEnd();
  return `<div class="file"><pre>${escapeHtml(lines)}</pre><div class="file-name">${escapeHtml(name)}<span>${Buffer.byteLength(content)} bytes</span></div></div>`;
}

function unknown(type: number): never {
  throw new Error(`expected a part that our renderers make, got type ${type}: teach the pictures to draw it`);
}
