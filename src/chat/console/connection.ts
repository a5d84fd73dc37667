import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatUnavailableError, MessageGoneError } from '../platform.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import { type ClientLine, type RoomInput, ServerLine } from './protocol.ts';

type Request = Exclude<ClientLine, { type: 'hello' | 'handled' }>;
/** A request before it has its number. */
export type RequestBody = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

interface Waiting {
  resolve(ref: string): void;
  reject(error: Error): void;
}

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;
const ANSWER_MS = 10_000;

/** A connection to the chat server that comes back for ever, until it is closed. */
export class ChatConnection {
  readonly #options: { socketPath: string; session: string; onInput: (input: RoomInput) => void };
  readonly #waiting = new Map<number, Waiting>();
  readonly #closing = new AbortController();
  #socket: Socket | null = null;
  #running: Promise<void> = Promise.resolve();
  #lastId = 0;

  constructor(options: { socketPath: string; session: string; onInput: (input: RoomInput) => void }) {
    this.#options = options;
  }

  /** Resolves after the first try, whether there was a server or not yet. */
  async open(): Promise<void> {
    const first = await this.#connect();
    this.#running = this.#stayConnected(first);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#socket?.destroy();
    await this.#running;
  }

  /** @throws ChatUnavailableError, MessageGoneError */
  async request(body: RequestBody): Promise<string> {
    const socket = this.#socket;
    if (socket === null) throw new ChatUnavailableError('the console chat is not connected');
    this.#lastId += 1;
    const id = this.#lastId;
    const timer = setTimeout(() => this.#fail(id, 'the console chat does not answer'), ANSWER_MS);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        writeJsonLine(socket, { ...body, id });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Lost without harm when there is no connection: the input is then delivered again. */
  tellHandled(input: string): void {
    if (this.#socket !== null) writeJsonLine(this.#socket, { type: 'handled', input } satisfies ClientLine);
  }

  async #stayConnected(first: Socket | null): Promise<void> {
    const { signal } = this.#closing;
    let socket = first;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      if (socket !== null) {
        retryMs = FIRST_RETRY_MS;
        await closed(socket);
      }
      if (signal.aborted) return;
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      socket = await this.#connect();
    }
    socket?.destroy();
  }

  async #connect(): Promise<Socket | null> {
    const socket = createConnection(this.#options.socketPath);
    try {
      await once(socket, 'connect');
    } catch {
      return null; // not there yet, or just gone: the caller tries again
    }
    this.#socket = socket;
    // 'close' follows every error and is what counts.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lost(socket));
    readJsonLines(socket, ServerLine, (line) => this.#receive(line));
    writeJsonLine(socket, { type: 'hello', session: this.#options.session } satisfies ClientLine);
    return socket;
  }

  #receive(line: ServerLine): void {
    switch (line.type) {
      case 'input':
        this.#options.onInput(line.input);
        break;
      case 'done':
        this.#waiting.get(line.id)?.resolve(line.ref);
        break;
      case 'gone':
        this.#waiting.get(line.id)?.reject(new MessageGoneError(line.why));
        break;
    }
  }

  #lost(socket: Socket): void {
    if (this.#socket === socket) this.#socket = null;
    for (const id of this.#waiting.keys()) this.#fail(id, 'the connection to the console chat was lost');
  }

  #fail(id: number, why: string): void {
    this.#waiting.get(id)?.reject(new ChatUnavailableError(why));
  }
}

/** `events.once` would reject at the 'error' that a broken pipe sends ahead of 'close'. */
function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
