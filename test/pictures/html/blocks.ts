import type { Button, ContextBlock, KnownBlock, PlainTextElement, TextObject } from '@slack/types';
import { escapeHtml } from './escape.ts';
import { inputHtml } from './inputs.ts';
import { type Directory, mrkdwnHtml } from './mrkdwn.ts';

/** Blocks as Slack's client shows them: those that our renderers make. @throws for any other */
export function blocksHtml(blocks: readonly KnownBlock[], directory: Directory): string {
  return blocks.map((block) => blockHtml(block, directory)).join('\n');
}

function blockHtml(block: KnownBlock, directory: Directory): string {
  switch (block.type) {
    case 'header':
      return `<h3>${plainHtml(block.text)}</h3>`;
    case 'section':
      return `<div class="section">${block.text === undefined ? '' : textHtml(block.text, directory)}</div>`;
    case 'context':
      return contextHtml(block, directory);
    case 'actions':
      return `<div class="actions">${block.elements
        .map((element) => (element.type === 'button' ? buttonHtml(element) : unknown(element.type)))
        .join('')}</div>`;
    case 'input':
      return inputHtml(block);
    default:
      return unknown(block.type);
  }
}

function contextHtml({ elements }: ContextBlock, directory: Directory): string {
  const parts = elements.map((element) =>
    element.type === 'image' ? unknown(element.type) : `<span>${textHtml(element, directory)}</span>`,
  );
  return `<div class="context">${parts.join('')}</div>`;
}

function buttonHtml({ text, style }: Button): string {
  return `<span class="button ${style ?? 'plain'}">${plainHtml(text)}</span>`;
}

function textHtml(text: TextObject, directory: Directory): string {
  return text.type === 'mrkdwn' ? mrkdwnHtml(text.text, directory) : plainHtml(text);
}

function plainHtml({ text }: PlainTextElement): string {
  return escapeHtml(text);
}

function unknown(type: string): never {
  throw new Error(
    `expected a block or element that our renderers make, got ${type}: teach the pictures to draw it`,
  );
}
