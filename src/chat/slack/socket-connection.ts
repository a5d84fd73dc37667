import { setTimeout as wait } from 'node:timers/promises';
import { type App, SocketModeReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../../app/ports.ts';
import { ONCE } from './clients.ts';
import { sdkLog, withoutSecrets } from './sdk-log.ts';

export interface ConnectionSettings {
  appToken: string;
  /** Hears what comes in. */
  app: App;
  clientOptions: WebClientOptions;
  /** From the first word to Slack until its `hello`. */
  openWithinMs: number;
  /** A socket whose other side gave no sign of life for so long is replaced. */
  silentMs: number;
  log: Log;
}

/** One socket from Slack's `hello` on. */
export interface SocketConnection {
  /** Resolves as soon as another one is needed, with Slack's reason; null when it said none. */
  ended: Promise<string | null>;
  /** Resolves when nothing is left of it. */
  close(): Promise<void>;
}

/** There is no socket, for Slack said no hello on it. */
export class NoHelloError extends Error {
  override name = 'NoHelloError';
  /** Slack's, such as `link_disabled`; null when it said none. */
  readonly reason: string | null;

  constructor(message: string, reason: string | null) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Opens a socket, with a client of its own: the SDK's client confuses an old socket that closes
 * with the new one that opens.
 *
 * @throws NoHelloError, and what the SDK throws when it gets no address for a socket
 */
export async function openConnection(
  settings: ConnectionSettings,
  stop: AbortSignal,
): Promise<SocketConnection> {
  const timeUp = AbortSignal.any([stop, AbortSignal.timeout(settings.openWithinMs)]);
  const { client } = receiverFor(settings, timeUp);
  const ended = endOf(client);
  const opening = client.start();
  try {
    await Promise.race([opening, ended.then(noHello), over(timeUp)]);
  } catch (error) {
    // Whatever it still comes to is closed again.
    opening.then(
      () => close(client),
      () => {},
    );
    await close(client);
    throw error ?? new NoHelloError(NOT_USED, null);
  }
  let closing: Promise<void> | null = null;
  return {
    ended: Promise.race([ended, silenceOf(client, { ended, lookEveryMs: settings.silentMs / 5 })]),
    close: () => {
      closing ??= close(client);
      return closing;
    },
  };
}

type SocketClient = SocketModeReceiver['client'];

const NOT_USED = 'the socket closed before Slack said hello';
const CLOSE_WITHIN_MS = 1_000;

function receiverFor(settings: ConnectionSettings, timeUp: AbortSignal): SocketModeReceiver {
  const { appToken, app, clientOptions, silentMs, log } = settings;
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: silentMs,
    logger: sdkLog(log),
    installerOptions: { clientOptions: { ...clientOptions, ...ONCE, fetch: fetchUntil(timeUp) } },
    // Nothing is acknowledged here: that could throw again, where nobody would catch it.
    processEventErrorHandler: async ({ error }) => {
      log.warn({ why: withoutSecrets(String(error)) }, 'something that Slack sent was not taken');
      return false;
    },
  });
  receiver.init(app);
  return receiver;
}

/** Resolves with Slack's word for it, at once: the SDK waits until Slack has closed its side too. */
function endOf(client: SocketClient): Promise<string | null> {
  return new Promise((resolve) => {
    client.on('ws_message', (data: unknown) => {
      const reason = disconnectReason(data);
      if (reason !== null) resolve(reason);
    });
    client.once('disconnected', () => resolve(null));
  });
}

/** The SDK gives a peer that fell silent 30 more seconds to close, and says nothing meanwhile. */
function silenceOf(
  client: SocketClient,
  { ended, lookEveryMs }: { ended: Promise<unknown>; lookEveryMs: number },
): Promise<null> {
  return new Promise((resolve) => {
    const looking = setInterval(() => {
      if (client.websocket?.isActive() !== true) resolve(null);
    }, lookEveryMs);
    void ended.then(() => clearInterval(looking));
  });
}

/** Closes politely, and by force when Slack's side takes too long. */
async function close(client: SocketClient): Promise<void> {
  const { websocket } = client;
  if (websocket?.readyState === undefined) return;
  const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  if (websocket.readyState !== WebSocket.CLOSED) void client.disconnect();
  // The SDK's own deadline is 30 s, which it forgets to end when the socket breaks meanwhile.
  clearTimeout(Reflect.get(websocket, 'closeHandshakeTimeout'));
  const politely = new AbortController();
  await Promise.race([ended, wait(CLOSE_WITHIN_MS, undefined, politely).catch(() => {})]);
  politely.abort();
  // A second call ends a socket that is still closing.
  if (websocket.readyState === WebSocket.CLOSING) websocket.disconnect();
  await ended;
}

function noHello(reason: string | null): never {
  throw new NoHelloError(reason === null ? NOT_USED : `Slack closed the socket: ${reason}`, reason);
}

function over(timeUp: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const tell = () => reject(new NoHelloError('Slack said no hello in time', null));
    if (timeUp.aborted) tell();
    else timeUp.addEventListener('abort', tell, { once: true });
  });
}

function fetchUntil(timeUp: AbortSignal): typeof fetch {
  return (url, init) =>
    fetch(url, { ...init, signal: AbortSignal.any([timeUp, ...(init?.signal ? [init.signal] : [])]) });
}

const Disconnect = z.object({ type: z.literal('disconnect'), reason: z.string().catch('disconnect') });

function disconnectReason(data: unknown): string | null {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return null;
  try {
    return Disconnect.safeParse(JSON.parse(data)).data?.reason ?? null;
  } catch {
    return null;
  }
}
