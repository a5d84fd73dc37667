import { setTimeout } from 'node:timers/promises';
import { Client, type ClientOptions, Events, GatewayCloseCodes, GatewayIntentBits } from 'discord.js';
import type { Log } from '../../app/ports.ts';
import { backoffMs } from '../backoff.ts';
import type { ChatRefusedError } from '../platform.ts';
import { CALL_TIMEOUT_MS } from './call.ts';
import { ClosingStrategy } from './closing-strategy.ts';
import { intentsRefused, tokenRefused } from './discord-errors.ts';
import { failureOf } from './rest-answers.ts';

export interface GatewaySettings {
  token: string;
  apiUrl: string | null;
  log: Log;
  /** Makes a new client hear what people do. */
  attach: (client: Client) => void;
  /** Discord has told the client who it is; the start waits for what this does. */
  onReady: (client: Client<true>) => Promise<void>;
  /** Hears of a token that is refused after the start; the gateway stays closed then. */
  onRefused: (error: ChatRefusedError) => void;
  pace?: GatewayPace;
}

/** How patiently the gateway is opened; tests hurry. */
export interface GatewayPace {
  /** Before the next try, when so many in a row led nowhere. */
  pauseMs(failures: number): number;
  /** The start waits no longer than this for the first try. */
  openWithinMs: number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Between two identifications; left out: Discord's own 5 s. */
  identifyThrottler?: NonNullable<ClientOptions['ws']>['buildIdentifyThrottler'];
}

type End = { kind: 'refused'; error: ChatRefusedError } | { kind: 'over'; why: string };

interface Session {
  client: Client;
  /** Discord has let it in, and what is to be done first is done. */
  ready: Promise<void>;
  /** The client is of no more use: discord.js resumes and reconnects by itself before that. */
  ended: Promise<End>;
}

/**
 * The connection that people's commands and clicks come by. discord.js opens it again by itself once
 * it was open, but not when the first try finds no network: then, and when it gives up, another
 * client takes its place.
 */
export class DiscordGateway {
  readonly #settings: GatewaySettings;
  readonly #pace: GatewayPace;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #session: Session | null = null;
  #failures = 0;
  /** What was logged last since it was open: a long outage is not logged at every try. */
  #problem: string | null = null;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
    this.#pace = settings.pace ?? PACE;
  }

  /** The newest client; null before the start. */
  get client(): Client | null {
    return this.#session?.client ?? null;
  }

  /**
   * Resolves after the first try, whether it led to a connection or not yet.
   *
   * @throws ChatRefusedError
   */
  async start(): Promise<void> {
    const first = this.#open();
    const patience = new AbortController();
    const { signal } = patience;
    const end = await Promise.race([
      first.ended,
      first.ready,
      setTimeout(this.#pace.openWithinMs, undefined, { signal }).catch(() => {}),
    ]);
    patience.abort();
    if (end?.kind === 'refused') {
      await first.client.destroy();
      throw end.error;
    }
    this.#running = this.#keepOpen(first);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keepOpen(first: Session): Promise<void> {
    const { signal } = this.#stopping;
    for (let session = first; ; session = this.#open()) {
      const end = await session.ended;
      await session.client.destroy();
      if (signal.aborted) return;
      if (end.kind === 'refused') return this.#settings.onRefused(end.error);
      this.#failures += 1;
      if (this.#problem !== end.why)
        this.#settings.log.warn({ why: end.why }, 'no connection to Discord; it is tried again');
      this.#problem = end.why;
      await this.#pace.sleep(this.#pace.pauseMs(this.#failures), signal);
      if (signal.aborted) return;
    }
  }

  #open(): Session {
    const { token, attach, onReady, log } = this.#settings;
    const client = new Client(this.#clientOptions());
    attach(client);
    const ready = new Promise<void>((resolve) => {
      client.once(Events.ClientReady, (open) => {
        this.#failures = 0;
        this.#problem = null;
        log.info({}, 'connected to Discord');
        resolve(onReady(open));
      });
    });
    const ended = new Promise<End>((resolve) => {
      client.on(Events.ShardDisconnect, ({ code }) => resolve(endOf(code)));
      this.#stopping.signal.addEventListener('abort', () => resolve({ kind: 'over', why: 'the bot stops' }));
      client.login(token).catch((error: unknown) => resolve(endBy(error)));
    });
    logEvents(client, log);
    this.#session = { client, ready, ended };
    return this.#session;
  }

  #clientOptions(): ClientOptions {
    const { apiUrl } = this.#settings;
    const { identifyThrottler } = this.#pace;
    return {
      intents: [GatewayIntentBits.Guilds],
      allowedMentions: { parse: [] },
      rest: {
        version: '10',
        retries: 1,
        timeout: CALL_TIMEOUT_MS,
        ...(apiUrl === null ? {} : { api: apiUrl.replace(/\/+$/, '') }),
      },
      ws: {
        buildStrategy: (manager) => new ClosingStrategy(manager),
        ...(identifyThrottler === undefined ? {} : { buildIdentifyThrottler: identifyThrottler }),
      },
    };
  }
}

/** Without listeners some of these would end the process. */
function logEvents(client: Client, log: Log): void {
  const why = (error: unknown) => ({ why: whyOf(error) });
  client.on(Events.Error, (error) => log.error(why(error), 'discord.js could not deal with something'));
  client.on(Events.ShardError, (error) => log.warn(why(error), 'the connection to Discord failed'));
  client.on(Events.Warn, (text) => log.warn({ text }, 'discord.js warns'));
  client.on(Events.ShardReconnecting, () =>
    log.info({}, 'the connection to Discord ended and is opened again'),
  );
  client.on(Events.ShardResume, (_shard, replayed) => log.info({ replayed }, 'connected to Discord again'));
}

/** What a close code means that discord.js doesn't reconnect after. */
function endOf(code: number): End {
  if (code === GatewayCloseCodes.AuthenticationFailed)
    return { kind: 'refused', error: tokenRefused(`gateway ${code}`) };
  if (code === GatewayCloseCodes.DisallowedIntents || code === GatewayCloseCodes.InvalidIntents)
    return { kind: 'refused', error: intentsRefused(code) };
  return { kind: 'over', why: `Discord closed the gateway for good (${code})` };
}

/** Why a login failed. */
function endBy(error: unknown): End {
  if (error instanceof Error && 'code' in error && error.code === TOKEN_INVALID)
    return { kind: 'refused', error: tokenRefused('401 Unauthorized') };
  return { kind: 'over', why: whyOf(error) };
}

const TOKEN_INVALID = 'TokenInvalid';

function whyOf(error: unknown): string {
  const failure = failureOf(error);
  if (failure.kind === 'unreachable') return failure.why;
  return failure.kind === 'limited' ? 'Discord wants a pause' : `${failure.code} ${failure.message}`;
}

const PACE: GatewayPace = {
  pauseMs: (failures) => backoffMs(failures, Math.random()),
  openWithinMs: 15_000,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};
