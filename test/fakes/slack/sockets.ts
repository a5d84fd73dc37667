import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { jsonOf } from '../chat-server/request.ts';
import { APP_ID } from './directory.ts';

const SOCKET_LIMIT = 10;
/** Well within the 30 s that the SDK waits for a ping. */
const PING_MS = 5000;

const acknowledgement = z.object({
  envelope_id: z.string(),
  payload: z.record(z.string(), z.unknown()).optional(),
});

/** Who hears of what the sockets do. */
export interface SocketListener {
  opened(): void;
  acknowledged(envelopeId: string, payload: Record<string, unknown>): void;
  /** Nothing that was sent on it will be acknowledged any more. */
  closed(socket: WebSocket): void;
  /** The app said what Slack doesn't understand. */
  garbled(text: string): void;
}

/** The app's Socket Mode connections. */
export class Sockets {
  listener: SocketListener | null = null;
  readonly #tickets = new Set<string>();
  readonly #closing = new Set<WebSocket>();
  #open: readonly WebSocket[] = [];
  readonly #pings: NodeJS.Timeout;

  constructor() {
    this.#pings = setInterval(() => {
      for (const socket of this.#open) socket.ping();
    }, PING_MS);
    this.#pings.unref();
  }

  issueTicket(): string {
    const ticket = randomBytes(12).toString('hex');
    this.#tickets.add(ticket);
    return ticket;
  }

  /** Each ticket lets one socket in. */
  redeem(ticket: string): boolean {
    return this.#tickets.delete(ticket);
  }

  accept(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    if (this.#open.length >= SOCKET_LIMIT) {
      this.#dismiss(socket, 'too_many_websockets');
      return;
    }
    this.#open = [...this.#open, socket];
    socket.on('message', (data) => this.#hear(String(data)));
    socket.on('close', () => this.#forget(socket));
    const hello = { type: 'hello', num_connections: this.#open.length, debug_info: {} };
    socket.send(JSON.stringify({ ...hello, connection_info: { app_id: APP_ID } }));
    this.listener?.opened();
  }

  /** The socket for the next envelope, each in turn; null when there is none. */
  next(): WebSocket | null {
    const [first, ...others] = this.#open;
    if (first === undefined) return null;
    this.#open = [...others, first];
    return first;
  }

  disconnect(reason: string): void {
    const open = this.#open;
    this.#open = [];
    for (const socket of open) this.#dismiss(socket, reason);
  }

  drop(): void {
    for (const socket of [...this.#open, ...this.#closing]) socket.terminate();
    this.#open = [];
  }

  stop(): void {
    clearInterval(this.#pings);
    this.drop();
  }

  #dismiss(socket: WebSocket, reason: string): void {
    this.#closing.add(socket);
    socket.on('close', () => this.#closing.delete(socket));
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'loopback' } }));
    socket.close(1000);
  }

  #forget(socket: WebSocket): void {
    this.#open = this.#open.filter((open) => open !== socket);
    this.listener?.closed(socket);
  }

  #hear(text: string): void {
    const parsed = acknowledgement.safeParse(jsonOf(text));
    if (!parsed.success) {
      this.listener?.garbled(text);
      return;
    }
    this.listener?.acknowledged(parsed.data.envelope_id, parsed.data.payload ?? {});
  }
}
