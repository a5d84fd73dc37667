import { stripVTControlCharacters, styleText } from 'node:util';
import { barCells } from '../card/bar-cells.ts';
import type { Bar, Button, ChatMessage, Mention } from '../platform.ts';
import type { RoomMessage } from './room.ts';

/** How messages are drawn. */
export interface RenderStyle {
  colour: boolean;
  /** The number under which a button can be pressed; null draws it without. */
  numberOf: (button: Button) => number | null;
}

const THREAD_MARK = '│ ';

/** A message as lines, with the marks of its place: thread, privacy. */
export function renderEntry(entry: RoomMessage, style: RenderStyle): string[] {
  const mark = entry.thread === null ? '' : paint(style, 'dim', THREAD_MARK);
  const privacy = entry.onlyFor === null ? [] : [paint(style, 'dim', `(only ${entry.onlyFor} sees this)`)];
  const lines = [...privacy, ...renderMessage(entry.message, style), ...cardPlace(entry, style)];
  return lines.map((line) => `${mark}${line}`);
}

/** A terminal has no links: where the card is has to be said, unless it is right here. */
function cardPlace({ channel, message: { card } }: RoomMessage, style: RenderStyle): string[] {
  if (card === null || card.channel === channel) return [];
  return [paint(style, 'dim', `  the card is in ${safe(card.channel)}`)];
}

/** A message as lines. A title stands for the one-line text, which repeats it for notifications. */
export function renderMessage(message: ChatMessage, style: RenderStyle): string[] {
  const mentions = message.mentions
    .map((mention) => paint(style, 'yellow', `@${safe(nameOf(mention))}`))
    .join(' ');
  const heading = message.title === null ? safe(message.text) : paint(style, 'bold', safe(message.title));
  const [first = '', ...others] = heading.split('\n');
  return [
    mentions === '' ? first : `${mentions} ${first}`,
    ...others,
    ...message.lines
      .flatMap((line) => safe(line).split('\n'))
      .map((line) => (line === '' ? '' : `  ${line}`)),
    ...message.bars.map((bar) => `  ${renderBar(bar, style)}`),
    ...(message.footer === null ? [] : [paint(style, 'dim', `  ${safe(message.footer)}`)]),
    ...renderAttachment(message, style),
    ...renderButtons(message.buttons, style),
  ];
}

/** All that a message says, without colours and drawings: what a script looks through. */
export function plainText(message: ChatMessage): string {
  return [
    ...message.mentions.map((mention) => `@${nameOf(mention)}`),
    ...(message.title === null ? [] : [message.title]),
    message.text,
    ...message.lines,
    ...message.bars.map((bar) => `${bar.label} ${bar.note}`),
    ...(message.footer === null ? [] : [message.footer]),
    ...message.buttons.map(({ label }) => `[${label}]`),
    ...(message.attachment === null ? [] : [message.attachment.content]),
  ].join('\n');
}

function nameOf(mention: Mention): string {
  return 'user' in mention ? mention.user : mention.group;
}

function renderBar(bar: Bar, style: RenderStyle): string {
  const { done, toDo } = barCells(bar.fraction);
  const cells = `${paint(style, 'green', done)}${paint(style, 'dim', toDo)}`;
  return `${safe(bar.label)} ${cells} ${safe(bar.note)}`.trimEnd();
}

function renderAttachment({ attachment }: ChatMessage, style: RenderStyle): string[] {
  if (attachment === null) return [];
  const lines = safe(attachment.content).trimEnd().split('\n');
  return [`  ${attachment.name}:`, ...lines.map((line) => `    ${line}`)].map((line) =>
    paint(style, 'dim', line),
  );
}

function renderButtons(buttons: readonly Button[], style: RenderStyle): string[] {
  if (buttons.length === 0) return [];
  const drawn = buttons.map((button) => {
    const number = style.numberOf(button);
    const text = number === null ? `[${safe(button.label)}]` : `[${number}] ${safe(button.label)}`;
    return paint(style, BUTTON_COLOURS[button.style], text);
  });
  return [`  ${drawn.join('  ')}`];
}

const BUTTON_COLOURS = { plain: 'cyan', primary: 'green', danger: 'red' } as const;

/** What a box or a person wrote must not move the cursor or paint the terminal. */
function safe(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ');
}

function paint(style: RenderStyle, format: Parameters<typeof styleText>[0], text: string): string {
  return style.colour ? styleText(format, text, { validateStream: false }) : text;
}
