import type { ChatMessage, ChatPlatform, Inbound, MessageRef, Urgency } from '../../src/chat/platform.ts';
import { ChannelRefusedError, ChatUnavailableError, MessageGoneError } from '../../src/chat/platform.ts';

export interface Shown {
  ref: MessageRef;
  channel: string;
  /** The card in whose thread it is. */
  thread: MessageRef | null;
  broadcast: boolean;
  nonce: string;
  message: ChatMessage;
  /** How often it was edited. */
  edits: number;
}

export interface Turn {
  kind: 'post' | 'edit';
  channel: string;
  urgency: Urgency;
}

interface Waiting extends Turn {
  grant: () => void;
  refuse: (error: Error) => void;
}

/**
 * A chat whose limits and faults the test scripts. As strict as a real one: what was sent
 * without a turn, or into a channel that the bot is not in, is refused.
 */
export class FakeChat implements ChatPlatform {
  readonly name = 'console';
  readonly progressIntervalMs = 1_000;
  readonly messages: Shown[] = [];
  readonly told: { user: string; nonce: string; message: ChatMessage }[] = [];
  /** Every turn that was asked for, in that order. */
  readonly asked: Turn[] = [];
  /** Why a channel takes no posts. */
  readonly refusing = new Map<string, string>();
  /** Why people can't be told anything. */
  tellFails: Error | null = null;
  /** Turns wait until the test grants them. */
  holding = false;
  down = false;
  /** Progress edits that there is room for. */
  progressBudget = Number.POSITIVE_INFINITY;
  /** Runs when a message was posted and before the bot hears of it: the moment of a crash. */
  afterPost: () => void = () => {};
  #waiting: Waiting[] = [];
  #posted = 0;
  readonly #taken: { kind: Turn['kind']; channel: string }[] = [];

  async start(_inbound: Inbound): Promise<void> {}

  async stop(): Promise<void> {
    this.down = true;
    for (const { refuse } of this.#waiting) refuse(new ChatUnavailableError('the chat stops'));
    this.#waiting = [];
  }

  turn(want: Turn): Promise<void> {
    this.asked.push(want);
    if (this.down) return Promise.reject(new ChatUnavailableError('the chat is away'));
    if (!this.holding) {
      this.#taken.push(want);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...want, grant: resolve, refuse: reject });
    });
  }

  /** Turns that wait, as `edit lab stage`. */
  waiting(): string[] {
    return this.#waiting.map(({ kind, channel, urgency }) => `${kind} ${channel} ${urgency}`);
  }

  /** Grants the first waiting turn of this kind, or the first one that is this urgent. */
  grant(kind: Turn['kind'], urgency: Urgency | null = null): void {
    const turn = this.#waiting.find(
      (waiting) => waiting.kind === kind && (urgency === null || waiting.urgency === urgency),
    );
    if (turn === undefined) throw new Error(`no ${kind} waits for its turn`);
    this.#waiting = this.#waiting.filter((other) => other !== turn);
    this.#taken.push(turn);
    turn.grant();
  }

  progressTurn(channel: string): boolean {
    if (this.down || this.progressBudget <= 0) return false;
    this.progressBudget -= 1;
    this.#taken.push({ kind: 'edit', channel });
    return true;
  }

  async post(to: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef> {
    return this.#add({ ...to, thread: null, broadcast: false }, message);
  }

  async postInThread(
    to: { card: MessageRef; nonce: string; broadcast: boolean },
    message: ChatMessage,
  ): Promise<MessageRef> {
    const { channel } = this.#find(to.card);
    return this.#add({ channel, nonce: to.nonce, thread: to.card, broadcast: to.broadcast }, message);
  }

  async edit(ref: MessageRef, message: ChatMessage): Promise<void> {
    const shown = this.#find(ref);
    this.#use({ kind: 'edit', channel: shown.channel });
    this.#beThere();
    shown.message = message;
    shown.edits += 1;
  }

  showProgress(card: MessageRef, message: ChatMessage): Promise<void> {
    return this.edit(card, message);
  }

  async tellPerson(to: { user: string; nonce: string }, message: ChatMessage): Promise<void> {
    this.#beThere();
    if (this.tellFails !== null) throw this.tellFails;
    if (!this.told.some(({ nonce }) => nonce === to.nonce)) this.told.push({ ...to, message });
  }

  /** Cards and summaries: what stands in the channels themselves. */
  cards(): Shown[] {
    return this.messages.filter(({ thread }) => thread === null);
  }

  thread(): string[] {
    return this.messages.filter(({ thread }) => thread !== null).map(({ message }) => message.text);
  }

  #add(place: Omit<Shown, 'ref' | 'message' | 'edits'>, message: ChatMessage): MessageRef {
    this.#use({ kind: 'post', channel: place.channel });
    this.#beThere();
    const refused = this.refusing.get(place.channel);
    if (refused !== undefined) throw new ChannelRefusedError(refused);
    const known = this.messages.find(({ nonce }) => nonce === place.nonce);
    if (known !== undefined) return known.ref;
    this.#posted += 1;
    const ref = `m${this.#posted}`;
    this.messages.push({ ref, message, edits: 0, ...place });
    this.afterPost();
    return ref;
  }

  #find(ref: MessageRef): Shown {
    const found = this.messages.find((message) => message.ref === ref);
    if (found === undefined) throw new MessageGoneError(`there is no message ${ref}`);
    return found;
  }

  #use(turn: { kind: Turn['kind']; channel: string }): void {
    const at = this.#taken.findIndex(({ kind, channel }) => kind === turn.kind && channel === turn.channel);
    if (at < 0) throw new Error(`a message was sent without a turn (${turn.kind} ${turn.channel})`);
    this.#taken.splice(at, 1);
  }

  #beThere(): void {
    if (this.down) throw new ChatUnavailableError('the chat is away');
  }
}
