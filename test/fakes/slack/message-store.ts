import type { KnownBlock } from '@slack/types';
import type { Journal } from '../chat-server/journal.ts';
import { SLACKBOT } from './directory.ts';
import type { ApiCall, SeenMessage } from './types.ts';

export interface MessageMetadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

export interface StoredMessage {
  channel: string;
  ts: string;
  /** The root of its thread; null when it is no reply. */
  threadTs: string | null;
  user: string;
  text: string;
  blocks: readonly KnownBlock[];
  /** The only person who sees it; null for a real message. */
  onlyFor: string | null;
  edited: boolean;
  broadcast: boolean;
  metadata: MessageMetadata | null;
  files: readonly { id: string; name: string; content: string }[];
}

export type NewMessage = Pick<StoredMessage, 'channel' | 'user' | 'text'> & Partial<StoredMessage>;

/** All messages, and a count that every change of one moves on. */
export class MessageStore {
  revision = 0;
  readonly #journal: Journal<ApiCall>;
  readonly #now: () => number;
  readonly #messages = new Map<string, { message: StoredMessage; changedAt: number }>();
  #lastMicros = 0;

  constructor(journal: Journal<ApiCall>, now: () => number) {
    this.#journal = journal;
    this.#now = now;
  }

  add(given: NewMessage): StoredMessage {
    const message: StoredMessage = { ...BLANK, ...given, ts: this.nextTs() };
    this.#put(message);
    return message;
  }

  find(channel: string, ts: string): StoredMessage | null {
    return this.#messages.get(keyOf(channel, ts))?.message ?? null;
  }

  change(message: StoredMessage, change: Partial<StoredMessage>): StoredMessage {
    const changed = { ...message, ...change };
    this.#put(changed);
    return changed;
  }

  /** The first message of a thread stays as a stone over its replies, until they are gone too. */
  remove(message: StoredMessage): void {
    const { channel, ts, threadTs } = message;
    if (this.replies(channel, ts).length > 0) {
      this.#put({ ...BLANK, channel, ts, user: SLACKBOT, text: 'This message was deleted.' });
      return;
    }
    this.#messages.delete(keyOf(channel, ts));
    this.#moveOn();
    const root = threadTs === null ? null : this.find(channel, threadTs);
    if (root === null || !isTombstone(root)) return;
    if (this.replies(channel, root.ts).length === 0) this.remove(root);
  }

  /** Oldest first: a map keeps its keys in the order in which they came. */
  all(): readonly StoredMessage[] {
    return [...this.#messages.values()].map(({ message }) => message);
  }

  changedAfter(revision: number): readonly StoredMessage[] {
    return [...this.#messages.values()]
      .filter(({ changedAt }) => changedAt > revision)
      .sort((a, b) => a.changedAt - b.changedAt)
      .map(({ message }) => message);
  }

  replies(channel: string, root: string): readonly StoredMessage[] {
    return this.all().filter(
      (message) => message.channel === channel && message.threadTs === root && message.onlyFor === null,
    );
  }

  /** Seconds and microseconds, never the same twice. */
  nextTs(): string {
    this.#lastMicros = Math.max(Math.floor(this.#now() * 1000), this.#lastMicros + 1);
    return this.lastTs();
  }

  lastTs(): string {
    const seconds = Math.floor(this.#lastMicros / 1e6);
    return `${seconds}.${String(this.#lastMicros % 1e6).padStart(6, '0')}`;
  }

  #put(message: StoredMessage): void {
    this.#moveOn();
    this.#messages.set(keyOf(message.channel, message.ts), { message, changedAt: this.revision });
  }

  #moveOn(): void {
    this.revision += 1;
    this.#journal.stir();
  }
}

export function seen(message: StoredMessage): SeenMessage {
  const { channel, ts, threadTs, user, text, blocks, edited, broadcast, files } = message;
  const shown = files.map(({ name, content }) => ({ name, content }));
  return {
    ...{ channel, ts, threadTs, ephemeral: message.onlyFor !== null, user, text, blocks },
    ...{ edited, broadcast, files: shown },
  };
}

/** Negative when `a` is older. As one number a time stamp may lose its last digits. */
export function compareTs(a: string, b: string): number {
  const [aSeconds = 0, aMicros = 0] = partsOf(a);
  const [bSeconds = 0, bMicros = 0] = partsOf(b);
  return aSeconds - bSeconds || aMicros - bMicros;
}

function partsOf(ts: string): readonly number[] {
  const [seconds = '', fraction = ''] = ts.split('.');
  return [Number(seconds), Number(fraction.padEnd(6, '0'))];
}

export function isTombstone({ user }: StoredMessage): boolean {
  return user === SLACKBOT;
}

const BLANK = {
  threadTs: null,
  blocks: [],
  onlyFor: null,
  edited: false,
  broadcast: false,
  metadata: null,
  files: [],
} as const;

function keyOf(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}
