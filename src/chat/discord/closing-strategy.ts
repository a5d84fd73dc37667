import { setTimeout as wait } from 'node:timers/promises';
import { type ClientOptions, SimpleShardingStrategy } from 'discord.js';
import { z } from 'zod';

type Build = NonNullable<NonNullable<ClientOptions['ws']>['buildStrategy']>;
type GatewayManager = Parameters<Build>[0];
type Destroying = Parameters<SimpleShardingStrategy['destroy']>[0];

const CLOSE_WITHIN_MS = 1_000;

/**
 * discord.js's own way with the gateway, but what is destroyed stays so. Its own comes back half a
 * second later when it is destroyed between two tries, with a socket that nobody knows of; leaves
 * one open that was just being opened; and waits half a minute, or for ever, for a silent peer.
 */
export class ClosingStrategy extends SimpleShardingStrategy {
  readonly #manager: GatewayManager;

  constructor(manager: GatewayManager) {
    super(manager);
    this.#manager = manager;
  }

  override async destroy(options?: Destroying): Promise<void> {
    const shards = [...Shards.parse(Reflect.get(this, 'shards')).values()];
    // At the start discord.js destroys what isn't there yet.
    if (shards.length === 0) return super.destroy(options);
    // A shard asks for its session before it opens a socket: without an answer it opens none.
    this.#manager.options.retrieveSessionInfo = () => new Promise(() => {});
    const sockets = shards.flatMap(({ connection }) => connection ?? []);
    // discord.js takes its own listener away, and an error that nobody hears ends the process.
    for (const socket of sockets) socket.on('error', () => {});
    const closed = Promise.all(sockets.map(closeOf));
    // Not waited for: destroyed before Discord's first word, a shard forgets that it waits itself.
    super.destroy(options).catch(() => {});
    const politely = new AbortController();
    await Promise.race([
      closed,
      wait(CLOSE_WITHIN_MS, undefined, { signal: politely.signal }).catch(() => {}),
    ]);
    politely.abort();
    for (const socket of sockets) socket.terminate();
    await closed;
  }
}

function closeOf(socket: Socket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => socket.on('close', () => resolve()));
}

interface Socket {
  readyState: number;
  on(event: 'error' | 'close', hear: () => void): unknown;
  terminate(): void;
}

const isSocket = (value: unknown): value is Socket =>
  typeof value === 'object' && value !== null && 'terminate' in value && 'on' in value;

/** What the SDK keeps to itself. */
const Shards = z.map(z.number(), z.object({ connection: z.custom<Socket>(isSocket).nullable() }));
