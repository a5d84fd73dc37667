import { setTimeout } from 'node:timers/promises';
import type { App, Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Log } from '../../app/ports.ts';
import { backoffMs } from '../backoff.ts';
import type { ChatRefusedError } from '../platform.ts';
import { readFailure } from './failure.ts';
import { tokenRefusal } from './slack-errors.ts';
import { NoHelloError, openConnection, type SocketConnection } from './socket-connection.ts';

export interface SocketSettings {
  appToken: string;
  clientOptions: WebClientOptions;
  log: Log;
  onOpen: () => void;
  /** Hears of an app token that is refused after the start; the socket stays closed then. */
  onRefused: (error: ChatRefusedError) => void;
  pace?: SocketPace;
}

/** How patiently sockets are opened; tests hurry. */
export interface SocketPace {
  /** Before the next try, when so many in a row led to no lasting socket. */
  pauseMs(failures: number): number;
  /** While only a person's click in Slack's settings helps. */
  slowMs: number;
  /** A socket that lasted so long counts as good. */
  lastingMs: number;
  openWithinMs: number;
  /** A socket without a sign of life for so long is replaced. */
  silentMs: number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

type Attempt =
  | { kind: 'open'; connection: SocketConnection }
  | { kind: 'failed'; pauseMs: number }
  | { kind: 'refused'; error: ChatRefusedError };

/**
 * Slack's events for Bolt, over a socket that is opened again for as long as the bot runs.
 * Bolt's own way is not used: it leaves 5 s without a socket after each disconnect, in which
 * people's commands fail, and ends for ever when it finds no network.
 */
export class SlackSocket implements Receiver {
  readonly #settings: SocketSettings;
  readonly #pace: SocketPace;
  readonly #stopping = new AbortController();
  readonly #closing = new Set<Promise<void>>();
  #app: App | null = null;
  #connection: SocketConnection | null = null;
  #running: Promise<void> = Promise.resolve();
  /** Tries in a row that led to no lasting socket. */
  #failures = 0;
  /** What was logged last since there was a socket: a long outage is not logged at every try. */
  #problem: string | null = null;

  constructor(settings: SocketSettings) {
    this.#settings = settings;
    this.#pace = settings.pace ?? PACE;
  }

  init(app: App): void {
    this.#app = app;
  }

  /**
   * Resolves after the first try, whether it led to a socket or not yet.
   *
   * @throws ChatRefusedError
   */
  async start(): Promise<void> {
    const first = await this.#attempt();
    if (first.kind === 'refused') throw first.error;
    this.#running = this.#keepOpen(first);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connection?.close();
    await this.#running;
    await Promise.all(this.#closing);
  }

  async #keepOpen(first: Attempt): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = first; ; attempt = await this.#attempt()) {
      if (attempt.kind === 'refused') return this.#settings.onRefused(attempt.error);
      const pauseMs = attempt.kind === 'open' ? await this.#use(attempt.connection) : attempt.pauseMs;
      if (!signal.aborted) await this.#pace.sleep(pauseMs, signal);
      if (signal.aborted) return;
    }
  }

  /** Resolves when the socket has to be replaced, with the ms until then. */
  async #use(connection: SocketConnection): Promise<number> {
    const since = performance.now();
    const reason = await connection.ended;
    this.#connection = null;
    const closing = connection.close();
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
    if (performance.now() - since >= this.#pace.lastingMs) this.#failures = 0;
    const pauseMs = this.#pace.pauseMs(this.#failures);
    this.#failures += 1;
    if (this.#stopping.signal.aborted) return 0;
    if (reason === LINK_DISABLED) return this.#switchedOff();
    this.#settings.log.info({ reason }, 'the socket to Slack ended and is opened again');
    return pauseMs;
  }

  async #attempt(): Promise<Attempt> {
    const { appToken, clientOptions, log, onOpen } = this.#settings;
    const { signal } = this.#stopping;
    try {
      if (this.#app === null) throw new TypeError('init comes before start');
      const { openWithinMs, silentMs } = this.#pace;
      const settings = { appToken, app: this.#app, clientOptions, openWithinMs, silentMs, log };
      const connection = await openConnection(settings, signal);
      this.#connection = connection;
      if (signal.aborted) await connection.close();
      this.#problem = null;
      log.info({}, 'connected to Slack');
      onOpen();
      return { kind: 'open', connection };
    } catch (error) {
      return signal.aborted ? { kind: 'failed', pauseMs: 0 } : this.#failed(error);
    }
  }

  #failed(error: unknown): Attempt {
    this.#failures += 1;
    if (error instanceof NoHelloError && error.reason === LINK_DISABLED)
      return { kind: 'failed', pauseMs: this.#switchedOff() };
    const failure = readFailure(error);
    const refused = tokenRefusal('SLACK_APP_TOKEN', failure);
    if (refused !== null) return { kind: 'refused', error: refused };
    if (failure.kind === 'refused') {
      this.#say(
        failure.code,
        `Slack gives no socket (${failure.code}): look at the app's settings at ${APPS}`,
      );
      return { kind: 'failed', pauseMs: this.#pace.slowMs };
    }
    if (failure.kind === 'limited') return { kind: 'failed', pauseMs: failure.retryAfterMs };
    if (failure.why !== this.#problem)
      this.#settings.log.warn({ why: failure.why }, 'no socket to Slack; it is tried again');
    this.#problem = failure.why;
    return { kind: 'failed', pauseMs: this.#pace.pauseMs(this.#failures) };
  }

  #switchedOff(): number {
    this.#say(
      LINK_DISABLED,
      `Socket Mode is off for the Slack app: switch it on under Socket Mode at ${APPS}`,
    );
    return this.#pace.slowMs;
  }

  /** Once, until there is a socket again: a person must act. */
  #say(problem: string, what: string): void {
    if (problem !== this.#problem) this.#settings.log.error({}, what);
    this.#problem = problem;
  }
}

const LINK_DISABLED = 'link_disabled';
const APPS = 'https://api.slack.com/apps';

const PACE: SocketPace = {
  pauseMs: (failures) => backoffMs(failures, Math.random()),
  slowMs: 60_000,
  lastingMs: 10_000,
  openWithinMs: 20_000,
  silentMs: 5_000,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};
