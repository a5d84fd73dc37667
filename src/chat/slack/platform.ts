import { App, type AuthorizeResult } from '@slack/bolt';
import type { PostLedger } from '../../app/chat-ports.ts';
import type { Clock, Log } from '../../app/ports.ts';
import { Pacer, type PacerClock, realPacerClock } from '../pacer.ts';
import {
  type ChatMessage,
  type ChatPlatform,
  type ChatRefusedError,
  ChatUnavailableError,
  type Inbound,
  MessageGoneError,
  type MessageRef,
  type Urgency,
} from '../platform.ts';
import { UnderWay } from '../under-way.ts';
import type { CardLinks } from './blocks/links.ts';
import { EDITS, PROGRESS_EDITS, postsIn, slackBudget } from './budgets.ts';
import { clientOptions, type SlackClients, slackClients } from './clients.ts';
import { readFailure } from './failure.ts';
import { attachHandlers } from './handlers.ts';
import { cardLinks } from './links.ts';
import { SlackPeople } from './people.ts';
import { parseRef } from './ref.ts';
import { sdkLog } from './sdk-log.ts';
import { SlackSender } from './send.ts';
import { tokenRefusal } from './slack-errors.ts';
import { SlackSocket, type SocketPace } from './socket.ts';
import { WorkspaceFacts } from './workspace.ts';

export interface SlackSettings {
  botToken: string;
  appToken: string;
  /** Another place than Slack's own, such as a fake; null for Slack. */
  apiUrl: string | null;
  /** Ids of the user groups that the inventory names for a team. */
  groups: (team: string) => readonly string[];
  ledger: PostLedger;
  clock: Clock;
  log: Log;
  /** Hears once of a token that Slack refuses after the start. */
  onRefused: (error: ChatRefusedError) => void;
  /** Other clocks than the real one, for tests. */
  pace?: { turns?: PacerClock; socket?: SocketPace };
}

/** What service managers and people who wait for the end of a process put up with. */
const DEALT_WITH_MS = 4_000;

const AFTER_OTHERS_MS = 1_000;

/** Slack, over the Web API and Socket Mode. */
export class SlackPlatform implements ChatPlatform {
  readonly name = 'slack';
  readonly progressIntervalMs = 5_000;
  readonly #settings: SlackSettings;
  readonly #clients: SlackClients;
  readonly #workspace: WorkspaceFacts;
  readonly #links: CardLinks;
  readonly #turns: PacerClock;
  readonly #pacer: Pacer;
  readonly #sender: SlackSender;
  readonly #socket: SlackSocket;
  readonly #bolt: App;
  readonly #inputs = new UnderWay();
  #startedAt = Number.NEGATIVE_INFINITY;
  #refused = false;

  constructor(settings: SlackSettings) {
    const { log, pace = {} } = settings;
    this.#settings = settings;
    this.#clients = slackClients(settings);
    this.#workspace = new WorkspaceFacts(this.#clients.outbox);
    this.#links = cardLinks(() => this.#workspace.known()?.url ?? null);
    this.#turns = pace.turns ?? realPacerClock;
    this.#pacer = new Pacer(slackBudget, this.#turns);
    const onRefused = (error: ChatRefusedError) => this.#refuse(error);
    const { outbox: client } = this.#clients;
    this.#sender = new SlackSender({
      ...{ ...settings, client, pacer: this.#pacer, turns: this.#turns, links: this.#links, onRefused },
    });
    const options = clientOptions(settings);
    this.#socket = new SlackSocket({
      ...{ appToken: settings.appToken, log, clientOptions: options, onRefused },
      // A quiet bot would not notice for days that its token is refused.
      onOpen: () => void this.#learn({ again: true }),
      ...(pace.socket === undefined ? {} : { pace: pace.socket }),
    });
    this.#bolt = new App({
      receiver: this.#socket,
      authorize: async () => this.#authorization(),
      clientOptions: options,
      logger: sdkLog(log),
      convoStore: false,
    });
    // Slack delivers nothing again that was acknowledged.
    this.#bolt.use(({ next }) => this.#inputs.during(next()));
    this.#bolt.error(async (error) => log.error({ err: error }, 'something from Slack could not be taken'));
  }

  async start(inbound: Inbound): Promise<void> {
    const { groups, clock, log } = this.#settings;
    const team = () => this.#workspace.ask();
    const client = this.#clients.answers;
    // A 429 of theirs must not keep answers waiting.
    const people = new SlackPeople({ client: this.#clients.outbox, groups, clock, log, team });
    attachHandlers(this.#bolt, { inbound, people, client, link: this.#links, clock, log });
    const refused = await this.#askWorkspace();
    if (refused !== null) throw refused;
    this.#startedAt = this.#turns.now();
    await this.#socket.start();
  }

  /** What people have clicked and typed by now is dealt with before. */
  async stop(): Promise<void> {
    this.#pacer.stop(new ChatUnavailableError('The bot stops.'));
    await this.#socket.stop();
    await this.#inputs.over(DEALT_WITH_MS);
  }

  turn({
    kind,
    channel,
    urgency,
  }: {
    kind: 'post' | 'edit';
    channel: string;
    urgency: Urgency;
  }): Promise<void> {
    if (kind === 'edit') return this.#pacer.turn(EDITS, urgency);
    const lane = postsIn(channel);
    // The last post of the bot that ran before may have been a moment ago.
    const waitMs = this.#startedAt + AFTER_OTHERS_MS - this.#turns.now();
    if (waitMs > 0) this.#pacer.block(lane, waitMs);
    return this.#pacer.turn(lane, urgency);
  }

  progressTurn(): boolean {
    return this.#pacer.spareTurn(EDITS, PROGRESS_EDITS);
  }

  async post(to: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef> {
    await this.#prepare(message);
    return this.#sender.post({ ...to, thread: null, broadcast: false }, message);
  }

  async postInThread(
    { card, nonce, broadcast }: { card: MessageRef; nonce: string; broadcast: boolean },
    message: ChatMessage,
  ): Promise<MessageRef> {
    const place = parseRef(card);
    if (place === null) throw new MessageGoneError(`${card} is no message on Slack.`);
    await this.#prepare(message);
    return this.#sender.post({ channel: place.channel, thread: place.ts, broadcast, nonce }, message);
  }

  async edit(ref: MessageRef, message: ChatMessage): Promise<void> {
    await this.#prepare(message);
    await this.#sender.edit(ref, message);
  }

  showProgress(card: MessageRef, message: ChatMessage): Promise<void> {
    return this.edit(card, message);
  }

  async tellPerson({ user, nonce }: { user: string; nonce: string }, message: ChatMessage): Promise<void> {
    await this.#prepare(message);
    await this.#pacer.turn(postsIn(user), 'people');
    await this.#sender.post({ channel: user, thread: null, broadcast: false, nonce }, message);
  }

  /** A link to a card needs the workspace's address; without it, it leads to the channel. */
  async #prepare({ card }: ChatMessage): Promise<void> {
    if (card !== null) await this.#learn();
  }

  async #learn({ again = false } = {}): Promise<void> {
    const refused = await this.#askWorkspace({ again });
    if (refused !== null) this.#refuse(refused);
  }

  /** Gives the error when Slack doesn't take the bot token; without a word from Slack, it is asked later. */
  async #askWorkspace({ again = false } = {}): Promise<ChatRefusedError | null> {
    try {
      await (again ? this.#workspace.askAgain() : this.#workspace.ask());
      return null;
    } catch (error) {
      const failure = readFailure(error);
      this.#settings.log.warn({ failure }, 'Slack does not say yet which workspace the bot is in');
      return tokenRefusal('SLACK_BOT_TOKEN', failure);
    }
  }

  /** Whom Bolt works for; never asks Slack, which could take longer than an acknowledgement may. */
  #authorization(): AuthorizeResult {
    const { botToken } = this.#settings;
    const workspace = this.#workspace.known();
    if (workspace === null) return { botToken };
    const { id, botUser, botId } = workspace;
    return { botToken, teamId: id, botUserId: botUser, ...(botId === null ? {} : { botId }) };
  }

  #refuse(error: ChatRefusedError): void {
    if (this.#refused) return;
    this.#refused = true;
    this.#settings.onRefused(error);
  }
}
