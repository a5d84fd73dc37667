import { gistOf } from '../../chat/console/plain-log.ts';
import { type RenderStyle, renderEntry } from '../../chat/console/render.ts';
import { type ChatRoom, isVisibleTo, type RoomChange, type RoomMessage } from '../../chat/console/room.ts';
import type { ButtonNumbers } from './button-numbers.ts';

/** Cards that are redrawn in place; older ones move up and are printed again when they change. */
const LIVE_CARDS = 2;

/** What of the conversation is printed for good, and what is drawn in place at the bottom. */
export class TerminalView {
  readonly #room: ChatRoom;
  readonly #numbers: ButtonNumbers;
  readonly #colour: boolean;
  /** In the order of their last change. */
  #live: string[] = [];
  readonly #gists = new Map<string, string>();

  constructor(room: ChatRoom, drawing: { numbers: ButtonNumbers; colour: boolean }) {
    this.#room = room;
    this.#numbers = drawing.numbers;
    this.#colour = drawing.colour;
  }

  /** Takes a change in; gives the lines that it prints for good. */
  take(change: RoomChange): string[] {
    if (change.kind === 'said') return [];
    const { entry } = change;
    this.#live = this.#live.filter((ref) => ref !== entry.ref);
    if (change.kind === 'removed') return [];
    if (isLive(entry)) {
      this.#live.push(entry.ref);
      return this.#moveUp();
    }
    const gist = gistOf(entry.message);
    if (this.#gists.get(entry.ref) === gist) return [];
    this.#gists.set(entry.ref, gist);
    return [...this.#draw(entry), ...(entry.thread === null ? [''] : [])];
  }

  /** The live cards that the person sees, drawn: as many of the newest as fit the rows. */
  region(person: string, rows: number): string[] {
    const drawn = this.#live
      .map((ref) => this.#room.get(ref))
      .filter((entry) => entry !== undefined)
      .filter((entry) => isVisibleTo(entry, person))
      .map((entry) => [...this.#draw(entry), '']);
    while (drawn.length > 1 && drawn.flat().length > rows) drawn.shift();
    return drawn.flat();
  }

  #moveUp(): string[] {
    const over = this.#live.slice(0, -LIVE_CARDS);
    this.#live = this.#live.slice(-LIVE_CARDS);
    return over.flatMap((ref) => {
      const entry = this.#room.get(ref);
      return entry === undefined ? [] : [...this.#draw(entry), ''];
    });
  }

  #draw(entry: RoomMessage): string[] {
    const style: RenderStyle = {
      colour: this.#colour,
      numberOf: (button) => this.#numbers.numberOf(entry.ref, button),
    };
    return renderEntry(entry, style);
  }
}

/**
 * A thread's posts never change. A card stays in place until newer ones push it up; what one
 * person alone sees, as long as it has something to press.
 */
function isLive({ thread, onlyFor, message }: RoomMessage): boolean {
  if (thread !== null) return false;
  return message.buttons.length > 0 || (onlyFor === null && message.title !== null);
}
