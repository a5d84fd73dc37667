import { GatewayIntentBits } from 'discord.js';
import type { WebSocket } from 'ws';
import { GatewaySession } from './gateway-session.ts';
import { GatewaySocket, type Identity, type Resumption } from './gateway-socket.ts';
import type { Json } from './json.ts';

const STARTS_A_DAY = 1000;
/** Intents that an app only gets when it is granted them; this one is not. */
const PRIVILEGED =
  GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences | GatewayIntentBits.MessageContent;
const ALL_INTENTS = Object.values(GatewayIntentBits)
  .filter((bit) => typeof bit === 'number')
  .reduce((bits, bit) => bits | bit, 0);

/** Close codes, after which a client may resume, must begin anew or must give up. */
export const CLOSED = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  invalidShard: 4010,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** What the gateway asks of the world around it. */
export interface GatewayHost {
  isToken(token: string): boolean;
  ready(session: { id: string; resumeUrl: string }): Json;
  /** Sent to a session right after READY. */
  greetings(): readonly { type: string; data: Json }[];
  /** A session listens (again). */
  opened(): void;
  /** No session will hear of what was sent any more, or will only after a resume. */
  breach(sentence: string): void;
  url(): string;
}

/** The gateway: sessions that outlive their sockets for a while, with all that they have to hear of. */
export class Gateway {
  readonly #host: GatewayHost;
  readonly #sockets = new Set<GatewaySocket>();
  #sessions: readonly GatewaySession[] = [];
  #starts = 0;

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  startsLeft(): number {
    return STARTS_A_DAY - this.#starts;
  }

  /** Somebody hears what is sent now. */
  isHeard(): boolean {
    return this.#sessions.some((session) => session.isConnected());
  }

  /** Somebody hears it now, or will after a resume. */
  isKept(): boolean {
    return this.#sessions.length > 0;
  }

  /** To every session that asked for it; null for what all get. */
  dispatch(type: string, data: Json, intent: keyof typeof GatewayIntentBits | null): void {
    const bit = intent === null ? null : GatewayIntentBits[intent];
    for (const session of this.#sessions) {
      if (bit === null || (session.intents & bit) !== 0) session.send(type, data);
    }
  }

  accept(socket: WebSocket, query: URLSearchParams): void {
    const opened = new GatewaySocket(socket, {
      identify: (identity) => this.#identify(opened, identity),
      resume: (resumption) => this.#resume(opened, resumption),
      closed: (code) => this.#forget(opened, code),
    });
    this.#sockets.add(opened);
    if (query.get('v') !== '10') opened.close(CLOSED.invalidVersion, 'Invalid API version');
    else if (query.get('encoding') !== 'json') opened.close(CLOSED.decodeError, 'Only JSON is spoken here');
    else opened.hello();
  }

  /** Cuts all sockets; from now on nobody hears, even before the sockets notice. */
  drop(): void {
    for (const session of this.#sessions) session.disconnect();
    for (const socket of this.#sockets) socket.terminate();
  }

  askReconnect(): void {
    for (const socket of this.#sockets) socket.send({ op: 7, d: null, s: null, t: null });
  }

  invalidate(): void {
    this.#sessions = [];
    for (const socket of this.#sockets) socket.invalidate();
  }

  /** Closes what runs with a token that is no longer one. */
  endAll(): void {
    this.#sessions = [];
    for (const socket of this.#sockets) socket.close(CLOSED.authenticationFailed, 'Authentication failed.');
  }

  #identify(socket: GatewaySocket, identity: Identity): void {
    if (!this.#host.isToken(identity.token)) {
      socket.close(CLOSED.authenticationFailed, 'Authentication failed.');
      return;
    }
    const { intents } = identity;
    if ((intents & ~ALL_INTENTS) !== 0) {
      socket.close(CLOSED.invalidIntents, 'Invalid intent(s).');
      return;
    }
    if ((intents & PRIVILEGED) !== 0) {
      this.#host.breach('Identified with privileged intents, which the app is not granted');
      socket.close(CLOSED.disallowedIntents, 'Disallowed intent(s).');
      return;
    }
    this.#starts += 1;
    const session = new GatewaySession(intents);
    this.#sessions = [...this.#sessions, session];
    socket.useCompression(identity.compress);
    session.connect(socket);
    session.send('READY', this.#host.ready({ id: session.id, resumeUrl: this.#host.url() }));
    if ((intents & GatewayIntentBits.Guilds) !== 0) {
      for (const { type, data } of this.#host.greetings()) session.send(type, data);
    }
    this.#host.opened();
  }

  #resume(socket: GatewaySocket, { token, sessionId, seq }: Resumption): void {
    if (!this.#host.isToken(token)) {
      socket.close(CLOSED.authenticationFailed, 'Authentication failed.');
      return;
    }
    const session = this.#sessions.find(({ id }) => id === sessionId);
    if (session === undefined) {
      socket.invalidate();
      return;
    }
    if (seq > session.seq) {
      this.#end(session);
      socket.close(CLOSED.invalidSequence, 'Invalid seq.');
      return;
    }
    session.resume(socket, seq);
    this.#host.opened();
  }

  /** With 1000 or 1001 the client says that it won't come back. */
  #forget(socket: GatewaySocket, code: number): void {
    this.#sockets.delete(socket);
    const session = this.#sessions.find((session) => session.isOn(socket));
    if (session === undefined) return;
    session.disconnect();
    if (code === 1000 || code === 1001) this.#end(session);
  }

  #end(session: GatewaySession): void {
    this.#sessions = this.#sessions.filter((other) => other !== session);
  }
}
