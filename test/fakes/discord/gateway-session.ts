import { randomBytes } from 'node:crypto';
import type { GatewaySocket } from './gateway-socket.ts';
import type { Json } from './json.ts';

interface Dispatched {
  op: 0;
  t: string;
  s: number;
  d: unknown;
}

/** What one identified client was sent, in numbered order, to be sent again after a resume. */
export class GatewaySession {
  readonly id = randomBytes(16).toString('hex');
  readonly intents: number;
  seq = 0;
  readonly #sent: Dispatched[] = [];
  #socket: GatewaySocket | null = null;

  constructor(intents: number) {
    this.intents = intents;
  }

  isConnected(): boolean {
    return this.#socket !== null;
  }

  isOn(socket: GatewaySocket): boolean {
    return this.#socket === socket;
  }

  connect(socket: GatewaySocket): void {
    this.#socket = socket;
  }

  disconnect(): void {
    this.#socket = null;
  }

  send(type: string, data: Json): void {
    this.seq += 1;
    const dispatched = { op: 0, t: type, s: this.seq, d: data } as const;
    this.#sent.push(dispatched);
    this.#socket?.send({ ...dispatched });
  }

  /** Sends what came after this number, then RESUMED. */
  resume(socket: GatewaySocket, after: number): void {
    this.#socket?.terminate();
    this.#socket = socket;
    for (const dispatched of this.#sent.filter(({ s }) => s > after)) socket.send({ ...dispatched });
    this.send('RESUMED', { _trace: [] });
  }
}
