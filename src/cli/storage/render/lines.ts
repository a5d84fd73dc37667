import { createHash } from 'node:crypto';

/** A file of the output directory. */
export interface Configuration {
  name: string;
  /** All of it, with the line that tells our own writing from somebody's edit. */
  text: string;
}

const MARK = '# testbox storage init, checksum ';

/** Puts the checksum of the text above it. */
export function configuration(name: string, lines: readonly string[]): Configuration {
  const body = lines.map((line) => `${line}\n`).join('');
  return { name, text: `${MARK}${checksum(body)}\n${body}` };
}

/** Whether the text is as some version of this program wrote it. */
export function isOwnWriting(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 0) return false;
  return text.slice(0, end) === `${MARK}${checksum(text.slice(end + 1))}`;
}

/** As comment lines, none wider than a terminal. */
export function comment(...paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((paragraph) => wrap(paragraph).map((line) => `# ${line}`.trimEnd()));
}

const MADE_BY = '# Made by: ';

/** The command that makes the file again, and what happens to edits. */
export function origin({ command }: { command: string }): string[] {
  return [
    `${MADE_BY}${command}`,
    ...comment(
      'Edit your inventory, .env or the options and run that again, rather than edit this file. If you do edit it, it is left alone from then on, and what would have been written is put beside it with the ending .new.',
    ),
  ];
}

/** The command that made a text of ours; undefined in any other. */
export function commandOf(text: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(MADE_BY));
  return line?.slice(MADE_BY.length);
}

const WIDTH = 98;

function wrap(text: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
