import type { Journal } from '../chat-server/journal.ts';
import type { Json } from './json.ts';
import { compareSnowflakes, type Snowflakes } from './snowflakes.ts';
import type { DiscordCall } from './types.ts';

export interface Attachment {
  id: string;
  name: string;
  content: Buffer;
  description: string | null;
}

export interface Answered {
  id: string;
  type: number;
  user: string;
  /** Of the command; null when it was none. */
  name: string | null;
  /** The message that was clicked. */
  sourceId: string | null;
}

export interface StoredMessage {
  id: string;
  channelId: string;
  author: string;
  content: string;
  embeds: readonly Json[];
  components: readonly Json[];
  flags: number;
  attachments: readonly Attachment[];
  /** The only person who sees it; null for a real message. */
  onlyFor: string | null;
  /** Epoch ms. */
  createdAt: number;
  editedAt: number | null;
  nonce: string | number | null;
  notified: readonly string[];
  /** The interaction that it answers. */
  interaction: Answered | null;
  repliesTo: string | null;
}

export type NewMessage = Pick<StoredMessage, 'channelId' | 'author'> & Partial<StoredMessage>;

/** All messages, and a count that every change of one moves on. */
export class MessageStore {
  revision = 0;
  readonly #parts: { journal: Journal<DiscordCall>; snowflakes: Snowflakes; now: () => number };
  readonly #messages = new Map<string, { message: StoredMessage; changedAt: number }>();

  constructor(parts: { journal: Journal<DiscordCall>; snowflakes: Snowflakes; now: () => number }) {
    this.#parts = parts;
  }

  add(given: NewMessage): StoredMessage {
    const { snowflakes, now } = this.#parts;
    const message = { ...BLANK, ...given, id: snowflakes.next(), createdAt: now() };
    this.#put(message);
    return message;
  }

  find(id: string): StoredMessage | null {
    return this.#messages.get(id)?.message ?? null;
  }

  change(message: StoredMessage, change: Partial<StoredMessage>): StoredMessage {
    const changed = { ...message, ...change };
    this.#put(changed);
    return changed;
  }

  remove(message: StoredMessage): void {
    this.#messages.delete(message.id);
    this.#moveOn();
  }

  removeAllIn(channelId: string): void {
    for (const message of this.all()) if (message.channelId === channelId) this.remove(message);
  }

  /** Oldest first. */
  all(): readonly StoredMessage[] {
    return [...this.#messages.values()].map(({ message }) => message).sort(byAge);
  }

  changedAfter(revision: number): readonly StoredMessage[] {
    return [...this.#messages.values()]
      .filter(({ changedAt }) => changedAt > revision)
      .sort((a, b) => a.changedAt - b.changedAt)
      .map(({ message }) => message);
  }

  #put(message: StoredMessage): void {
    this.#moveOn();
    this.#messages.set(message.id, { message, changedAt: this.revision });
  }

  #moveOn(): void {
    this.revision += 1;
    this.#parts.journal.stir();
  }
}

function byAge(a: StoredMessage, b: StoredMessage): number {
  return compareSnowflakes(a.id, b.id);
}

const BLANK = {
  content: '',
  embeds: [],
  components: [],
  flags: 0,
  attachments: [],
  onlyFor: null,
  editedAt: null,
  nonce: null,
  notified: [],
  interaction: null,
  repliesTo: null,
} as const;
