import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Journal } from '../chat-server/journal.ts';
import type { SocketListener, Sockets } from './sockets.ts';
import type { ApiCall, Delivery } from './types.ts';

const ACKNOWLEDGE_MS = 3000;

/** What one person's doing sends to the app. */
export interface Parcel {
  type: 'slash_commands' | 'interactive' | 'events_api';
  payload: Readonly<Record<string, unknown>>;
  /** What it is called in sentences, such as `/testbox`. */
  what: string;
  acceptsPayload: boolean;
  /** Waits for a socket when the app has none. */
  patient: boolean;
  retry?: { attempt: number; reason: string };
  /** What the acknowledgement does in the person's client. A throw is what the person sees. */
  settle?: (payload: Record<string, unknown>) => void;
}

interface Errand {
  parcel: Parcel;
  settled: boolean;
  resolve: (payload: Record<string, unknown>) => void;
  reject: (error: Error) => void;
}

interface Sent {
  envelopeId: string;
  errand: Errand;
  socket: WebSocket;
  timer: NodeJS.Timeout;
}

/** Envelopes: each to one socket, acknowledged within three seconds, events delivered again. */
export class Deliveries implements SocketListener {
  readonly #sockets: Sockets;
  readonly #journal: Journal<ApiCall>;
  #queued: readonly Errand[] = [];
  #sent: readonly Sent[] = [];
  readonly #known = new Set<string>();
  #newest: { envelopeId: string; errand: Errand } | null = null;

  constructor(parts: { sockets: Sockets; journal: Journal<ApiCall> }) {
    this.#sockets = parts.sockets;
    this.#journal = parts.journal;
  }

  deliver(parcel: Parcel): Delivery {
    const { errand, delivery } = newErrand(parcel);
    this.#dispatch(errand, randomUUID());
    return delivery;
  }

  redeliver({ newEnvelopeId }: { newEnvelopeId: boolean }): Delivery {
    if (this.#newest === null) throw new Error('Nothing was delivered yet that could be delivered again.');
    const { envelopeId, errand: first } = this.#newest;
    const settle = (payload: Record<string, unknown>): void => settleOnce(first, payload);
    const { errand, delivery } = newErrand({ ...first.parcel, settle });
    this.#dispatch(errand, newEnvelopeId ? randomUUID() : envelopeId);
    return delivery;
  }

  pending(): number {
    return this.#sent.length;
  }

  stop(): void {
    for (const { timer, errand } of this.#sent) {
      clearTimeout(timer);
      errand.reject(new Error('The fake Slack was stopped.'));
    }
    for (const errand of this.#queued) errand.reject(new Error('The fake Slack was stopped.'));
    this.#sent = [];
    this.#queued = [];
  }

  opened(): void {
    const queued = this.#queued;
    this.#queued = [];
    for (const errand of queued) this.#dispatch(errand, randomUUID());
  }

  acknowledged(envelopeId: string, payload: Record<string, unknown>): void {
    const sent = this.#sent.find((sent) => sent.envelopeId === envelopeId);
    if (sent === undefined) {
      if (!this.#known.has(envelopeId))
        this.#journal.breach(`Acknowledged ${envelopeId}, which was never sent`);
      return;
    }
    this.#take(sent);
    const { parcel } = sent.errand;
    if (!parcel.acceptsPayload && Object.keys(payload).length > 0) {
      this.#journal.breach(`Acknowledged ${parcel.what} with a payload, which it doesn't accept`);
    }
    try {
      settleOnce(sent.errand, payload);
      sent.errand.resolve(payload);
    } catch (error) {
      sent.errand.reject(error instanceof Error ? error : new Error(String(error)));
    }
    this.#journal.stir();
  }

  closed(socket: WebSocket): void {
    for (const sent of this.#sent.filter((sent) => sent.socket === socket)) {
      this.#take(sent);
      this.#failed(sent.errand, 'connection_lost');
    }
  }

  garbled(text: string): void {
    this.#journal.breach(`Sent what is no acknowledgement: ${text.slice(0, 200)}`);
  }

  #dispatch(errand: Errand, envelopeId: string): void {
    const socket = this.#sockets.next();
    if (socket === null) {
      this.#wait(errand);
      return;
    }
    const { type, payload, acceptsPayload, retry } = errand.parcel;
    const envelope = { envelope_id: envelopeId, type, accepts_response_payload: acceptsPayload, payload };
    const attempts = { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' };
    socket.send(JSON.stringify(type === 'events_api' ? { ...envelope, ...attempts } : envelope));
    const timer = setTimeout(() => this.#late(envelopeId), ACKNOWLEDGE_MS);
    this.#sent = [...this.#sent, { envelopeId, errand, socket, timer }];
    this.#known.add(envelopeId);
    this.#newest = { envelopeId, errand };
    this.#journal.stir();
  }

  #wait(errand: Errand): void {
    if (errand.parcel.patient) this.#queued = [...this.#queued, errand];
    else errand.reject(new Error(`${errand.parcel.what} failed with the error "dispatch_failed"`));
  }

  #late(envelopeId: string): void {
    const sent = this.#sent.find((sent) => sent.envelopeId === envelopeId);
    if (sent === undefined) return;
    this.#take(sent);
    this.#journal.breach(`${sent.errand.parcel.what} was not acknowledged within 3 s`);
    this.#failed(sent.errand, 'timeout');
  }

  #failed(errand: Errand, reason: string): void {
    const { parcel } = errand;
    errand.reject(new Error(`${parcel.what} failed with the error "operation_timeout"`));
    if (parcel.type !== 'events_api' || parcel.retry !== undefined) return;
    const again = newErrand({ ...parcel, retry: { attempt: 1, reason } });
    this.#dispatch(again.errand, randomUUID());
  }

  #take(sent: Sent): void {
    clearTimeout(sent.timer);
    this.#sent = this.#sent.filter((other) => other !== sent);
  }
}

function newErrand(parcel: Parcel): { errand: Errand; delivery: Delivery } {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
  // Most tests look at what the app did, not at how the client was answered.
  promise.catch(() => undefined);
  return { errand: { parcel, settled: false, resolve, reject }, delivery: { acknowledged: promise } };
}

/** The client is answered once, however often the app is. */
function settleOnce(errand: Errand, payload: Record<string, unknown>): void {
  if (errand.settled) return;
  errand.settled = true;
  errand.parcel.settle?.(payload);
}
