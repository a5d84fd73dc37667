import type { Client } from 'discord.js';
import type { PostLedger } from '../../app/chat-ports.ts';
import type { Clock, Log } from '../../app/ports.ts';
import type { CardLinks } from '../card-links.ts';
import { Pacer, type PacerClock, realPacerClock } from '../pacer.ts';
import {
  type ChatMessage,
  type ChatPlatform,
  type ChatRefusedError,
  ChatUnavailableError,
  type Inbound,
  type MessageRef,
  type Urgency,
} from '../platform.ts';
import { UnderWay } from '../under-way.ts';
import { ALL, discordBudget, editsIn, PROGRESS_CALLS, PROGRESS_EDITS, postsIn } from './budgets.ts';
import { DiscordApi } from './call.ts';
import { DiscordGateway, type GatewayPace } from './gateway.ts';
import { attachHandlers } from './handlers.ts';
import { KeptCommands } from './kept-commands.ts';
import { KeptInThread } from './kept-in-thread.ts';
import { LiveProgress } from './live-progress.ts';
import { cardLinks } from './render/links.ts';
import { DiscordSender } from './send.ts';
import { StandIns } from './stand-ins.ts';

export interface DiscordSettings {
  token: string;
  /** Id of the one guild that the bot works for. */
  guild: string;
  /** Another place than Discord's own, such as a fake; null for Discord. */
  apiUrl: string | null;
  ledger: PostLedger;
  clock: Clock;
  log: Log;
  /** Hears once of a token that Discord refuses after the start. */
  onRefused: (error: ChatRefusedError) => void;
  /** Other clocks and more haste than the real ones, for tests. */
  pace?: { turns?: PacerClock; gateway?: GatewayPace; callWithinMs?: number };
}

/** What service managers and people who wait for the end of a process put up with. */
const DEALT_WITH_MS = 4_000;

/** So long a channel's limits may know of what this bot doesn't. */
const AFTER_OTHERS_MS = 5_100;

/** Discord, over its REST API and gateway. */
export class DiscordPlatform implements ChatPlatform {
  readonly name = 'discord';
  readonly progressIntervalMs = 5_000;
  readonly #settings: DiscordSettings;
  readonly #links: CardLinks;
  readonly #api: DiscordApi;
  readonly #turns: PacerClock;
  readonly #pacer: Pacer;
  readonly #sender: DiscordSender;
  readonly #cards: StandIns;
  readonly #progress: LiveProgress;
  readonly #gateway: DiscordGateway;
  readonly #commands: KeptCommands;
  readonly #inputs = new UnderWay();
  #inbound: Inbound | null = null;
  #startedAt = Number.NEGATIVE_INFINITY;
  #refused = false;

  constructor(settings: DiscordSettings) {
    const { token, apiUrl, guild, log, pace = {} } = settings;
    this.#settings = settings;
    this.#links = cardLinks(guild);
    const { callWithinMs } = pace;
    this.#api = new DiscordApi({
      token,
      apiUrl,
      ...(callWithinMs === undefined ? {} : { timeoutMs: callWithinMs }),
    });
    this.#turns = pace.turns ?? realPacerClock;
    const pacer = new Pacer(discordBudget, this.#turns);
    this.#pacer = pacer;
    const onRefused = (error: ChatRefusedError) => this.#refuse(error);
    this.#sender = new DiscordSender({
      ...{ ...settings, api: this.#api, pacer, links: this.#links, onRefused },
      channelName: (channel) => this.#channelName(channel),
    });
    const kept = new KeptInThread({ sender: this.#sender, pacer });
    this.#cards = new StandIns({ ...settings, sender: this.#sender, kept });
    this.#progress = new LiveProgress({ ...settings, sender: this.#sender, kept });
    this.#commands = new KeptCommands({ guild, log, onRefused });
    this.#gateway = new DiscordGateway({
      ...{ token, apiUrl, log, onRefused },
      attach: (client) => this.#attach(client),
      onReady: (client) => this.#commands.bringUpToDate(client),
      ...(pace.gateway === undefined ? {} : { pace: pace.gateway }),
    });
  }

  async start(inbound: Inbound): Promise<void> {
    this.#inbound = this.#remembered(inbound);
    this.#startedAt = this.#turns.now();
    await this.#gateway.start();
  }

  /** What people have clicked and typed by now is dealt with before. */
  async stop(): Promise<void> {
    this.#pacer.stop(new ChatUnavailableError('The bot stops.'));
    this.#commands.stop();
    await this.#gateway.stop();
    await this.#inputs.over(DEALT_WITH_MS);
    this.#api.close();
  }

  async turn({ kind, channel, urgency }: { kind: 'post' | 'edit'; channel: string; urgency: Urgency }) {
    await this.#pacer.turn(this.#afterOthers(kind === 'edit' ? editsIn(channel) : postsIn(channel)), urgency);
    await this.#pacer.turn(ALL, urgency);
  }

  progressTurn(channel: string): boolean {
    return (
      this.#pacer.spareTurn(ALL, PROGRESS_CALLS) &&
      this.#pacer.spareTurn(this.#afterOthers(editsIn(channel)), PROGRESS_EDITS)
    );
  }

  post(to: { channel: string; nonce: string }, message: ChatMessage): Promise<MessageRef> {
    return this.#sender.post(to, message);
  }

  postInThread(
    to: { card: MessageRef; nonce: string; broadcast: boolean },
    message: ChatMessage,
  ): Promise<MessageRef> {
    return this.#sender.postInThread(to, message);
  }

  edit(ref: MessageRef, message: ChatMessage): Promise<void> {
    return this.#cards.edit(ref, message);
  }

  showProgress(card: MessageRef, message: ChatMessage): Promise<void> {
    return this.#progress.show(card, message);
  }

  async tellPerson(to: { user: string; nonce: string }, message: ChatMessage): Promise<void> {
    await this.#pacer.turn(postsIn(to.user), 'people');
    await this.#sender.tellPerson(to, message);
  }

  /** What the bot that ran before has sent a moment ago counts for the same limits. */
  #afterOthers(lane: string): string {
    const waitMs = this.#startedAt + AFTER_OTHERS_MS - this.#turns.now();
    if (waitMs > 0) this.#pacer.block(lane, waitMs);
    return lane;
  }

  #attach(client: Client): void {
    if (this.#inbound === null) return;
    const { guild, clock, log } = this.#settings;
    const { rest } = client;
    attachHandlers(client, { inbound: this.#inbound, guild, rest, links: this.#links, clock, log });
  }

  /** The same ear, whose work an orderly end waits for: Discord delivers nothing again. */
  #remembered(inbound: Inbound): Inbound {
    return {
      ...inbound,
      command: (command) => this.#inputs.during(inbound.command(command)),
      press: (press) => this.#inputs.during(inbound.press(press)),
    };
  }

  /** As people know it: the gateway tells the guild's channels. */
  #channelName(id: string): string {
    const channel = this.#gateway.client?.channels.cache.get(id);
    return channel !== undefined && 'name' in channel && channel.name !== null
      ? `#${channel.name}`
      : `channel ${id}`;
  }

  #refuse(error: ChatRefusedError): void {
    if (this.#refused) return;
    this.#refused = true;
    this.#settings.onRefused(error);
  }
}
