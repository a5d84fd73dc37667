import type { ChatMessage } from '../platform.ts';
import { type RenderStyle, renderEntry } from './render.ts';
import type { RoomChange } from './room.ts';

const PLAIN: RenderStyle = { colour: false, numberOf: () => null };

/**
 * The conversation as lines that are only ever appended: a card is printed when it is posted
 * and again when it says something new; a bar that moves is nothing new.
 */
export class PlainLog {
  readonly #printed = new Map<string, string>();

  /** The lines that a change adds. */
  linesFor(change: RoomChange): string[] {
    if (change.kind === 'said') return [];
    const { entry } = change;
    if (change.kind === 'removed') {
      this.#printed.delete(entry.ref);
      return [];
    }
    const gist = gistOf(entry.message);
    if (this.#printed.get(entry.ref) === gist) return [];
    this.#printed.set(entry.ref, gist);
    return renderEntry(entry, PLAIN).map((line) => `  ${line}`);
  }
}

/** What of a message makes it worth another look. */
export function gistOf(message: ChatMessage): string {
  const { title, lines, buttons, attachment } = message;
  return JSON.stringify([title ?? message.text, lines, buttons.map(({ label }) => label), attachment]);
}
