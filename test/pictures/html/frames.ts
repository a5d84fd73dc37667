import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { blocksHtml } from './blocks.ts';
import { escapeHtml } from './escape.ts';
import type { Directory } from './mrkdwn.ts';

export interface ShownMessage {
  /** Wall-clock time beside the name, as `17:05`. */
  time: string;
  blocks: readonly KnownBlock[];
  onlyVisibleToYou?: boolean;
  /** Slack shows no avatar and name again within a few minutes. */
  follows?: boolean;
  alsoInChannel?: boolean;
  file?: { name: string; content: string } | null;
}

/** A message of the bot with its avatar, name and time. */
export function messageHtml(message: ShownMessage, directory: Directory): string {
  const notes = [
    ...(message.onlyVisibleToYou === true ? ['Only visible to you'] : []),
    ...(message.alsoInChannel === true ? ['Also sent to the channel'] : []),
  ].map((note) => `<div class="note">${note}</div>`);
  const who = `<div class="who"><b>Testbox</b> <span class="app">APP</span> <span class="time">${message.time}</span></div>`;
  return `<div class="message${message.follows === true ? ' follows' : ''}">
    ${message.follows === true ? `<div class="gutter">${message.time}</div>` : '<div class="avatar">T</div>'}
    <div class="content">
      ${notes.join('')}
      ${message.follows === true ? '' : who}
      ${blocksHtml(message.blocks, directory)}
      ${fileHtml(message.file ?? null)}
    </div>
  </div>`;
}

/** A line of a thread that tells how many replies stand between others. */
export function repliesHtml(count: number): string {
  return `<div class="replies">${count} ${count === 1 ? 'reply' : 'replies'}</div>`;
}

export function threadHtml(channel: string, messages: readonly string[]): string {
  return `<div class="bar"><b>Thread</b> <span>#${escapeHtml(channel)}</span></div>${messages.join('\n')}`;
}

export function modalHtml({ title, submit, close, blocks }: ModalView, directory: Directory): string {
  return `<div class="backdrop"><div class="modal">
    <div class="modal-title"><div class="avatar small">T</div><b>${escapeHtml(title.text)}</b><span class="x">✕</span></div>
    <div class="modal-body">${blocksHtml(blocks as KnownBlock[], directory)}</div>
    <div class="modal-foot">
      <span class="button plain">${escapeHtml(close?.text ?? 'Cancel')}</span>
      <span class="button primary">${escapeHtml(submit?.text ?? 'Submit')}</span>
    </div>
  </div></div>`;
}

export function homeHtml({ blocks }: HomeView, directory: Directory): string {
  return `<div class="bar"><div class="avatar small">T</div><b>Testbox</b></div>
    <div class="tabs"><span class="tab on">Home</span><span class="tab">Messages</span><span class="tab">About</span></div>
    <div class="home">${blocksHtml(blocks as KnownBlock[], directory)}</div>`;
}

function fileHtml(file: { name: string; content: string } | null): string {
  if (file === null) return '';
  return `<div class="file"><div class="file-name">${escapeHtml(file.name)}</div><pre>${escapeHtml(file.content.trimEnd())}</pre></div>`;
}
