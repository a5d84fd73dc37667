import { randomUUID } from 'node:crypto';
import type { ChatPerson } from '../../domain/person.ts';
import type { ChatMessage, ChatPlatform, Inbound, MessageRef, PrivateAnswers } from '../platform.ts';
import { ChatConnection } from './connection.ts';
import type { RoomInput } from './protocol.ts';

const TEAM = 'console';

/** The demo's terminal as a chat platform: a client of the chat server in the demo's process. */
export class ConsolePlatform implements ChatPlatform {
  readonly name = 'console';
  readonly progressIntervalMs = 500;
  readonly #connection: ChatConnection;
  readonly #onError: (error: unknown) => void;
  /** Inputs taken by this process: a reconnect delivers them again while they are worked on. */
  readonly #taken = new Map<string, 'working' | 'handled'>();
  #inbound: Inbound | null = null;

  /** @param options.onError hears what the app threw at an input, which it never should */
  constructor(options: { socketPath: string; onError: (error: unknown) => void }) {
    this.#onError = options.onError;
    this.#connection = new ChatConnection({
      socketPath: options.socketPath,
      session: randomUUID(),
      onInput: (input) => void this.#take(input),
    });
  }

  async start(inbound: Inbound): Promise<void> {
    this.#inbound = inbound;
    await this.#connection.open();
  }

  async stop(): Promise<void> {
    await this.#connection.close();
  }

  /** The terminal takes everything at once. */
  async turn(): Promise<void> {}

  progressTurn(): boolean {
    return true;
  }

  post(to: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef> {
    return this.#connection.request({ type: 'post', ...to, message });
  }

  postInThread(
    to: { card: MessageRef; nonce: string; broadcast: boolean },
    message: ChatMessage,
  ): Promise<MessageRef> {
    return this.#connection.request({ type: 'post-in-thread', ...to, message });
  }

  async tellPerson(to: { user: string; nonce: string }, message: ChatMessage): Promise<void> {
    await this.#connection.request({ type: 'tell-person', ...to, message });
  }

  async edit(ref: MessageRef, message: ChatMessage): Promise<void> {
    await this.#connection.request({ type: 'edit', ref, message });
  }

  showProgress(card: MessageRef, message: ChatMessage): Promise<void> {
    return this.edit(card, message);
  }

  async #take(input: RoomInput): Promise<void> {
    const before = this.#taken.get(input.id);
    if (before === 'working') return;
    if (before === undefined) {
      this.#taken.set(input.id, 'working');
      await this.#pass(input).catch(this.#onError);
      this.#taken.set(input.id, 'handled');
    }
    this.#connection.tellHandled(input.id);
  }

  async #pass(input: RoomInput): Promise<void> {
    const person = personOf(input.user);
    const answers = this.#answersTo(input.id);
    const { channel } = input;
    if (input.kind === 'command') {
      const { text, thread } = input;
      await this.#inbound?.command({ person, text, channel, thread, answers });
    } else {
      const { button } = input;
      await this.#inbound?.press({ person, button, channel, input: input.input, answers });
    }
  }

  #answersTo(input: string): PrivateAnswers {
    return {
      answer: async (message) => {
        await this.#connection.request({ type: 'answer', input, message });
      },
      replace: async (message) => {
        await this.#connection.request({ type: 'replace', input, message });
      },
    };
  }
}

function personOf(user: string): ChatPerson {
  return { platform: 'console', team: TEAM, user, displayName: user, kind: 'member', groups: [] };
}
