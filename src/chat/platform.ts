import type { Action } from '../contract/action.ts';
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
  /** What the click does that can't be taken back, at most 300 characters: platforms that can ask, ask. */
  asks?: string;
}

/** A disk's bar; a renderer draws at most 12 cells, so that phones show it. */
export interface Bar {
  label: string;
  /** 0 to 1. */
  fraction: number;
  /** Behind the bar: rate, ETA. */
  note: string;
}

/** Somebody to notify: one person, or a group that the platform expands. */
export type Mention = { platform: PlatformName } & ({ user: string } | { group: string });

/** Where a job's card is; `ref` is null before it is posted. */
export interface CardPlace {
  channel: string;
  ref: MessageRef | null;
}

/** What people see, platform-free. A platform renders it within its own limits. */
export interface ChatMessage {
  /** One line for notifications and screen readers; complete without the rest. */
  text: string;
  title: string | null;
  /** Lines of at most 38 characters where that can be had; an empty one is between paragraphs. */
  lines: readonly string[];
  bars: readonly Bar[];
  /** Ids and addresses that it is found by later, on one line: shown small. */
  footer: string | null;
  buttons: readonly Button[];
  mentions: readonly Mention[];
  /** The card that the message speaks of, when it is another message: the platform links to it. */
  card: CardPlace | null;
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

/** A box as platforms offer it while somebody types. */
export interface BoxSuggestion {
  name: string;
  /** Name, address and state, as `pluto 10.40.41.42: free`. */
  label: string;
}

/** What a dialog for a new job starts from. */
export interface RequestForm {
  /** The box of the thread that it was opened in. */
  box: BoxSuggestion | null;
  /** The actions that this person may ask for; all of them for somebody who may ask for none. */
  actions: readonly { action: Action; label: string }[];
}

/** A person's own page: the fleet, and what concerns them. */
export interface HomePage {
  /** Epoch ms: the page shows how things stood then. */
  at: number;
  sections: readonly HomeSection[];
}

export interface HomeSection {
  title: string;
  /** Said in place of the entries when there are none. */
  empty: string;
  entries: readonly { text: string; card: CardPlace | null }[];
}

/** The app's ear: the platform acknowledges to its own side, then calls these. They don't throw. */
export interface Inbound {
  command(command: InboundCommand): Promise<void>;
  press(press: InboundPress): Promise<void>;
  /** Why this click can't have its effect, before a dialog is opened for it; null when it can. */
  objection(press: Pick<InboundPress, 'person' | 'button'>): Promise<ChatMessage | null>;
  /** What the button's `asks` says now, for a platform that can't ask by itself; null when it asks nothing. */
  question(press: Pick<InboundPress, 'person' | 'button'>): Promise<string | null>;
  /** The boxes whose name, address or group has what was typed; the best first, at most 25. */
  suggestBoxes(person: ChatPerson, typed: string): Promise<readonly BoxSuggestion[]>;
  form(person: ChatPerson, thread: MessageRef | null): Promise<RequestForm>;
  home(person: ChatPerson): Promise<HomePage>;
}

/** The message or its channel is gone for good: nothing to retry. */
export class MessageGoneError extends Error {
  override name = 'MessageGoneError';
}

/** The channel takes no posts of the bot; the message says why and what to do about it. */
export class ChannelRefusedError extends Error {
  override name = 'ChannelRefusedError';
}

/** The platform doesn't know the bot (any more): only new tokens help. The message says so. */
export class ChatRefusedError extends Error {
  override name = 'ChatRefusedError';
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

/** `people`: somebody has to act on it, or waits for it. `stage`: how a job goes on. */
export type Urgency = 'people' | 'stage';

/** What a chat must be able to do. */
export interface ChatPlatform {
  readonly name: PlatformName;
  /**
   * Resolves after the first try, whether the platform could be reached or not yet.
   *
   * @throws ChatRefusedError
   */
  start(inbound: Inbound): Promise<void>;
  stop(): Promise<void>;
  /**
   * Resolves when the platform's limits let this go out; what it says is read after that, so
   * that the newest state goes out.
   *
   * @throws ChatUnavailableError when the platform stops meanwhile
   */
  turn(want: { kind: 'post' | 'edit'; channel: string; urgency: Urgency }): Promise<void>;
  /** At least so much lies between two edits of one card that only show progress. */
  readonly progressIntervalMs: number;
  /** Whether the limits leave room for an edit that only shows progress; true takes the turn. */
  progressTurn(channel: string): boolean;
  /**
   * Posts once per nonce: a second call with the same nonce gives the first one's message.
   *
   * @throws ChatUnavailableError, ChannelRefusedError
   */
  post(to: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef>;
  /**
   * Posts into the card's thread; `broadcast` shows it in the channel too.
   *
   * @throws ChatUnavailableError, ChannelRefusedError, MessageGoneError
   */
  postInThread(
    to: { card: MessageRef; nonce: string; broadcast: boolean },
    message: ChatMessage,
  ): Promise<MessageRef>;
  /** @throws ChatUnavailableError, MessageGoneError */
  edit(ref: MessageRef, message: ChatMessage): Promise<void>;
  /**
   * Shows progress on a posted card: by an edit, or where a platform limits edits of old messages,
   * by a message that stands for it.
   *
   * @throws ChatUnavailableError, ChannelRefusedError, MessageGoneError
   */
  showProgress(card: MessageRef, message: ChatMessage): Promise<void>;
  /**
   * A message that only this person sees, outside of any channel; once per nonce.
   *
   * @throws ChatUnavailableError, ChannelRefusedError
   */
  tellPerson(to: { user: string; nonce: string }, message: ChatMessage): Promise<void>;
}
