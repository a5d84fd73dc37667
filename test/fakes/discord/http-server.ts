import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { LoopbackDoor } from '../chat-server/loopback-door.ts';
import { bodyOf, urlOf } from '../chat-server/request.ts';
import { ApiError, refusal } from './api-error.ts';
import { messageBodyOf } from './http-body.ts';
import type { MessageBody } from './message-body.ts';
import { type Answer, answerCall } from './rest-api.ts';
import type { World } from './world.ts';

const PREFIX = /^\/api\/v(\d+)(\/.*)$/;

/** The door on loopback: REST, and the gateway's sockets. */
export class HttpServer {
  readonly #world: World;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #door: LoopbackDoor;

  constructor(world: World) {
    this.#world = world;
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#answer(request, response);
    this.#door = new LoopbackDoor(answer, (server) => this.#listen(server));
  }

  async open(): Promise<void> {
    this.#world.host = await this.#door.open();
  }

  close(): Promise<void> {
    return this.#door.close(() => this.#world.gateway.drop());
  }

  #listen(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const { searchParams } = urlOf(request);
      this.#sockets.handleUpgrade(request, socket, head, (opened) =>
        this.#world.gateway.accept(opened, searchParams),
      );
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const bytes = await bodyOf(request);
      send(response, this.#answerTo(request, await readBody(request, bytes)));
    } catch (error) {
      // The app went away in the middle of its own request.
      if (!request.complete) return;
      this.#world.journal.breach(`The fake Discord failed: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  #answerTo(request: IncomingMessage, content: () => MessageBody): Answer {
    const { pathname, searchParams: query } = urlOf(request);
    const [, version, path] = PREFIX.exec(pathname) ?? [];
    if (path === undefined || version !== '10') {
      const { status, code, message } = refusal(path === undefined ? 'notFound' : 'invalidVersion');
      this.#world.journal.breach(`${request.method} ${pathname} is not under /api/v10`);
      return { kind: 'said', status, headers: {}, body: { message, code } };
    }
    const authorization = request.headers.authorization ?? null;
    const method = request.method ?? '';
    return answerCall(this.#world, { method, path: decodeURIComponent(path), query, authorization, content });
  }
}

/** What is wrong with a body is said where the body is asked for. */
async function readBody(request: IncomingMessage, bytes: Buffer): Promise<() => MessageBody> {
  try {
    const content = await messageBodyOf(request, bytes);
    return () => content;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return () => {
      throw error;
    };
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.kind === 'lost') {
    response.destroy();
    return;
  }
  const { status, headers, body } = answer;
  // Clients parse by the content type: with a JSON one an empty body is an error to them.
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...headers, ...type });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
