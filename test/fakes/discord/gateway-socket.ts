import { deflateSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { jsonOf } from '../chat-server/request.ts';
import { CLOSED } from './gateway.ts';
import type { Json } from './json.ts';

const HEARTBEAT_MS = 41_250;
/** A client that lets two beats pass is gone. */
const SILENCE_MS = 2 * HEARTBEAT_MS;
const SENDS_A_MINUTE = 120;

const identityForm = z.looseObject({
  token: z.string(),
  intents: z.number().int().min(0),
  properties: z.looseObject({ os: z.string(), browser: z.string(), device: z.string() }),
  compress: z.boolean().optional(),
  shard: z.tuple([z.number().int().min(0), z.number().int().min(1)]).optional(),
});
const resumeForm = z.looseObject({ token: z.string(), session_id: z.string(), seq: z.number().int() });
const sentForm = z.looseObject({ op: z.number().int(), d: z.unknown() });

export interface Identity {
  token: string;
  intents: number;
  compress: boolean;
}

export interface Resumption {
  token: string;
  sessionId: string;
  seq: number;
}

export interface SocketOwner {
  identify(identity: Identity): void;
  resume(resumption: Resumption): void;
  closed(code: number): void;
}

/** One WebSocket of the gateway: its greeting, its heart and its first words. */
export class GatewaySocket {
  readonly #socket: WebSocket;
  readonly #owner: SocketOwner;
  #isAuthenticated = false;
  #compresses = false;
  #sends: readonly number[] = [];
  #silence: NodeJS.Timeout | null = null;

  constructor(socket: WebSocket, owner: SocketOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.#hear(String(data)));
    socket.on('close', (code) => {
      clearTimeout(this.#silence ?? undefined);
      owner.closed(code);
    });
  }

  hello(): void {
    this.send({ op: 10, d: { heartbeat_interval: HEARTBEAT_MS, _trace: [] }, s: null, t: null });
    this.#expectBeat();
  }

  useCompression(compresses: boolean): void {
    this.#compresses = compresses;
  }

  send(payload: Json): void {
    const text = JSON.stringify(payload);
    this.#socket.send(this.#compresses ? deflateSync(text) : text);
  }

  /** Op 9: this session can't be resumed, begin anew. */
  invalidate(): void {
    this.#isAuthenticated = false;
    this.send({ op: 9, d: false, s: null, t: null });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #expectBeat(): void {
    clearTimeout(this.#silence ?? undefined);
    this.#silence = setTimeout(() => this.#socket.terminate(), SILENCE_MS);
    this.#silence.unref();
  }

  #hear(text: string): void {
    const now = Date.now();
    this.#sends = [...this.#sends.filter((at) => at > now - 60_000), now];
    if (this.#sends.length > SENDS_A_MINUTE) {
      this.close(CLOSED.rateLimited, 'You are being rate limited.');
      return;
    }
    const parsed = sentForm.safeParse(jsonOf(text));
    if (!parsed.success) this.close(CLOSED.decodeError, 'Error while decoding payload.');
    else this.#obey(parsed.data.op, parsed.data.d);
  }

  #obey(op: number, data: unknown): void {
    if (op === 1) {
      this.#expectBeat();
      this.send({ op: 11, d: null, s: null, t: null });
    } else if (op === 2 || op === 6) this.#authenticate(op, data);
    else if (!this.#isAuthenticated) this.close(CLOSED.notAuthenticated, 'Not authenticated.');
    // Presence, voice and members are understood, and of no interest.
    else if (![3, 4, 8].includes(op)) this.close(CLOSED.unknownOpcode, 'Unknown opcode.');
  }

  #authenticate(op: 2 | 6, data: unknown): void {
    if (this.#isAuthenticated) {
      this.close(CLOSED.alreadyAuthenticated, 'Already authenticated.');
      return;
    }
    const identity = op === 2 ? identityForm.safeParse(data) : null;
    const resumption = op === 6 ? resumeForm.safeParse(data) : null;
    if (identity?.success) {
      const { token, intents, compress, shard } = identity.data;
      if (shard !== undefined && shard[0] >= shard[1]) {
        this.close(CLOSED.invalidShard, 'Invalid shard.');
        return;
      }
      this.#isAuthenticated = true;
      this.#owner.identify({ token, intents, compress: compress ?? false });
    } else if (resumption?.success) {
      const { token, session_id: sessionId, seq } = resumption.data;
      this.#isAuthenticated = true;
      this.#owner.resume({ token, sessionId, seq });
    } else this.close(CLOSED.decodeError, 'Error while decoding payload.');
  }
}
