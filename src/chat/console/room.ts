import { EventEmitter } from 'node:events';
import type { ChatMessage, MessageRef } from '../platform.ts';
import type { RoomInput } from './protocol.ts';

/** A message as the chat keeps it. */
export interface RoomMessage {
  ref: MessageRef;
  channel: string;
  /** The card in whose thread it is; null in the channel itself. */
  thread: MessageRef | null;
  /** A thread message that is shown in the channel too. */
  broadcast: boolean;
  /** The one person who sees it; null is everybody. */
  onlyFor: string | null;
  message: ChatMessage;
}

export type RoomChange =
  | { kind: 'posted' | 'edited' | 'removed'; revision: number; entry: RoomMessage }
  | { kind: 'said'; revision: number; user: string; text: string };

interface RoomEvents {
  change: [RoomChange];
  input: [RoomInput];
  handled: [string];
}

/** What was done is remembered this far back, for readers that ask what was new. */
const REMEMBERED_CHANGES = 5_000;

/** The chat itself: messages, threads, and what people did. It outlives every bot. */
export class ChatRoom extends EventEmitter<RoomEvents> {
  readonly #messages = new Map<MessageRef, RoomMessage>();
  readonly #byNonce = new Map<string, MessageRef>();
  readonly #inputs = new Map<string, RoomInput>();
  readonly #answers = new Map<string, MessageRef[]>();
  readonly #open = new Set<string>();
  readonly #changes: RoomChange[] = [];
  #count = 0;
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  /** In the order they were first posted. */
  messages(): readonly RoomMessage[] {
    return [...this.#messages.values()];
  }

  get(ref: MessageRef): RoomMessage | undefined {
    return this.#messages.get(ref);
  }

  changesSince(revision: number): readonly RoomChange[] {
    return this.#changes.filter((change) => change.revision > revision);
  }

  /** Inputs that no bot has dealt with yet. */
  openInputs(): readonly RoomInput[] {
    return [...this.#inputs.values()].filter(({ id }) => this.#open.has(id));
  }

  /** A second post with the same nonce gives the first one's message, which stays as it is. */
  post(
    place: { channel: string; thread: MessageRef | null; broadcast: boolean; nonce: string },
    message: ChatMessage,
  ): MessageRef {
    const known = this.#byNonce.get(place.nonce);
    if (known !== undefined) return known;
    const { channel, thread, broadcast } = place;
    const ref = this.#add({ channel, thread, broadcast, onlyFor: null, message });
    this.#byNonce.set(place.nonce, ref);
    return ref;
  }

  /** Shows one person a message outside of any channel; once per nonce. */
  tell(to: { user: string; nonce: string }, message: ChatMessage): MessageRef {
    const known = this.#byNonce.get(to.nonce);
    if (known !== undefined) return known;
    const ref = this.#add({ channel: '', thread: null, broadcast: false, onlyFor: to.user, message });
    this.#byNonce.set(to.nonce, ref);
    return ref;
  }

  /** False when there is no such message. */
  edit(ref: MessageRef, message: ChatMessage): boolean {
    const entry = this.#messages.get(ref);
    if (entry === undefined) return false;
    entry.message = message;
    this.#note({ kind: 'edited', revision: this.#next(), entry: { ...entry } });
    return true;
  }

  /** Shows the person of the input a message that nobody else sees. */
  answer(inputId: string, message: ChatMessage): MessageRef | undefined {
    const input = this.#inputs.get(inputId);
    if (input === undefined) return undefined;
    const thread = input.kind === 'command' ? input.thread : null;
    const place = { channel: input.channel, thread, broadcast: false, onlyFor: input.user };
    const ref = this.#add({ ...place, message });
    this.#answers.set(inputId, [...(this.#answers.get(inputId) ?? []), ref]);
    return ref;
  }

  /** In the place of the private message that was pressed; beside it when that one is public. */
  replace(inputId: string, message: ChatMessage | null): MessageRef | undefined {
    const input = this.#inputs.get(inputId);
    if (input === undefined) return undefined;
    const pressed = input.kind === 'press' ? this.#messages.get(input.ref) : undefined;
    if (pressed === undefined || pressed.onlyFor === null) {
      return message === null ? inputId : this.answer(inputId, message);
    }
    if (message === null) this.#remove(pressed.ref);
    else this.edit(pressed.ref, message);
    return pressed.ref;
  }

  /** Takes back what a bot answered to an input and didn't live to finish. */
  forgetAnswers(inputId: string): void {
    for (const ref of this.#answers.get(inputId) ?? []) this.#remove(ref);
    this.#answers.delete(inputId);
  }

  handled(inputId: string): void {
    if (this.#open.delete(inputId)) this.emit('handled', inputId);
  }

  isOpen(inputId: string): boolean {
    return this.#open.has(inputId);
  }

  /** A person types a line. Gives the input's id. */
  say(user: string, text: string, place: { channel: string; thread: MessageRef | null }): string {
    this.#note({ kind: 'said', revision: this.#next(), user, text });
    return this.#take({ kind: 'command', id: this.#newId('input'), user, text, ...place });
  }

  /** A person presses a button. Undefined when the person sees no such button. */
  press(user: string, at: { ref: MessageRef; button: string; input: string | null }): string | undefined {
    const entry = this.#messages.get(at.ref);
    if (entry === undefined || !isVisibleTo(entry, user)) return undefined;
    const button = entry.message.buttons.find(({ id }) => id === at.button);
    if (button === undefined) return undefined;
    return this.#take({
      kind: 'press',
      id: this.#newId('input'),
      user,
      channel: entry.channel,
      ref: at.ref,
      button: { id: button.id, value: button.value },
      input: at.input,
    });
  }

  #take(input: RoomInput): string {
    this.#inputs.set(input.id, input);
    this.#open.add(input.id);
    this.emit('input', input);
    return input.id;
  }

  #add(content: Omit<RoomMessage, 'ref'>): MessageRef {
    const entry = { ref: this.#newId('message'), ...content };
    this.#messages.set(entry.ref, entry);
    this.#note({ kind: 'posted', revision: this.#next(), entry: { ...entry } });
    return entry.ref;
  }

  #remove(ref: MessageRef): void {
    const entry = this.#messages.get(ref);
    if (entry === undefined) return;
    this.#messages.delete(ref);
    this.#note({ kind: 'removed', revision: this.#next(), entry });
  }

  #note(change: RoomChange): void {
    this.#changes.push(change);
    if (this.#changes.length > REMEMBERED_CHANGES) this.#changes.shift();
    this.emit('change', change);
  }

  #next(): number {
    this.#revision += 1;
    return this.#revision;
  }

  #newId(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }
}

export function isVisibleTo(entry: RoomMessage, user: string): boolean {
  return entry.onlyFor === null || entry.onlyFor === user;
}
