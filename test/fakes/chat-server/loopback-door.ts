import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server's port on loopback, which can be shut and opened again. */
export class LoopbackDoor {
  readonly #answer: RequestListener;
  readonly #prepare: (server: Server) => void;
  #server: Server | null = null;
  #port = 0;

  constructor(answer: RequestListener, prepare: (server: Server) => void) {
    this.#answer = answer;
    this.#prepare = prepare;
  }

  /** Listens, always at the same port once it had one; gives host and port. */
  async open(): Promise<string> {
    if (this.#server === null) {
      const server = createServer(this.#answer);
      this.#prepare(server);
      server.listen(this.#port, '127.0.0.1');
      await once(server, 'listening');
      this.#server = server;
      this.#port = (server.address() as AddressInfo).port;
    }
    return `127.0.0.1:${this.#port}`;
  }

  /** Refuses new connections and ends the ones there are; web sockets are for `cut` to end. */
  async close(cut: () => void): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    cut();
    await closed;
  }
}
