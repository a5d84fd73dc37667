import type { ChatPerson, PlatformName } from '../domain/person.ts';

/** A button carries only ids: everything is looked up and checked again at the click. */
export interface Button {
  /** What it does: `confirm`, `approve`, `deny`, `cancel`, `retry` … and what scripts `press`. */
  id: string;
  /** Id of what it acts on, usually a job id; stays within 100 characters with the button's id. */
  value: string;
  /** At most 30 characters. */
  label: string;
  style: 'plain' | 'primary' | 'danger';
}

/** A disk's bar; a renderer draws at most 12 cells, so that phones show it. */
export interface Bar {
  label: string;
  /** 0 to 1. */
  fraction: number;
  /** Behind the bar: rate, ETA. */
  note: string;
}

/** What people see, platform-free. A platform renders it within its own limits. */
export interface ChatMessage {
  /** One line for notifications and screen readers; complete without the rest. */
  text: string;
  title: string | null;
  /** Lines of at most 38 characters where that can be had. */
  lines: readonly string[];
  bars: readonly Bar[];
  buttons: readonly Button[];
  /** People to notify. */
  mentions: readonly { platform: PlatformName; user: string }[];
  /** A text file to attach, such as a log tail. */
  attachment: { name: string; content: string } | null;
}

/** A message on a platform, in the platform's own words; stored as text. */
export type MessageRef = string;

/** How the bot answers one command or click, privately. */
export interface PrivateAnswers {
  /** A message only this person sees. May be called more than once. */
  answer(message: ChatMessage): Promise<void>;
  /** Puts the message in the place of the private one whose button was clicked; null removes it. */
  replace(message: ChatMessage | null): Promise<void>;
}

export interface InboundCommand {
  person: ChatPerson;
  /** What follows `/testbox`, as typed. */
  text: string;
  channel: string;
  /** The card whose thread it was typed in; null in the channel itself. */
  thread: MessageRef | null;
  answers: PrivateAnswers;
}

export interface InboundPress {
  person: ChatPerson;
  button: { id: string; value: string };
  channel: string;
  /** What the person typed into a dialog that the button opened, such as a deny reason. */
  input: string | null;
  answers: PrivateAnswers;
}

/** The app's ear: the platform acknowledges to its own side, then calls these. They don't throw. */
export interface Inbound {
  command(command: InboundCommand): Promise<void>;
  press(press: InboundPress): Promise<void>;
}

/** The message or its channel is gone for good: nothing to retry. */
export class MessageGoneError extends Error {
  override name = 'MessageGoneError';
}

/** The platform can't be reached now; the same call may succeed later. */
export class ChatUnavailableError extends Error {
  override name = 'ChatUnavailableError';
  /** When the platform said so. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** What a chat must be able to do. */
export interface ChatPlatform {
  readonly name: PlatformName;
  start(inbound: Inbound): Promise<void>;
  stop(): Promise<void>;
  /**
   * Posts once per nonce: a second call with the same nonce gives the first one's message.
   *
   * @throws ChatUnavailableError, MessageGoneError
   */
  post(to: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef>;
  /** Posts into the card's thread; `broadcast` shows it in the channel too. */
  postInThread(
    to: { card: MessageRef; nonce: string; broadcast: boolean },
    message: ChatMessage,
  ): Promise<MessageRef>;
  edit(ref: MessageRef, message: ChatMessage): Promise<void>;
}
