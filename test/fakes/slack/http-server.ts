import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { LoopbackDoor } from '../chat-server/loopback-door.ts';
import { bodyOf, urlOf } from '../chat-server/request.ts';
import { argumentsOf, tokenOf, uploadedContent } from './http-body.ts';
import { answerResponse } from './respond.ts';
import { type Answer, answerCall } from './web-api.ts';
import type { World } from './world.ts';

/** The door on loopback: Web API, response URLs, uploads, and the app's sockets. */
export class HttpServer {
  readonly #world: World;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #door: LoopbackDoor;

  constructor(world: World) {
    this.#world = world;
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#answer(request, response);
    this.#door = new LoopbackDoor(answer, (server) => {
      server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    });
  }

  async open(): Promise<void> {
    this.#world.host = await this.#door.open();
  }

  close(): Promise<void> {
    return this.#door.close(() => this.#world.sockets.drop());
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = urlOf(request);
    if (pathname !== '/link' || !this.#world.sockets.redeem(searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#world.sockets.accept(opened));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      const { pathname } = urlOf(request);
      const [, kind, name = ''] = /^\/(api|response|upload)\/(.+)$/.exec(pathname) ?? [];
      if (kind === 'upload') await this.#receive({ request, response, key: name }, body);
      else if (kind === undefined || request.method !== 'POST') sendStatus(response, 404);
      else send(response, this.#answerTo({ kind, name, request }, body));
    } catch (error) {
      // The app went away in the middle of its own request.
      if (!request.complete) return;
      this.#world.journal.breach(`The fake Slack failed: ${error instanceof Error ? error.stack : error}`);
      sendStatus(response, 500);
    }
  }

  #answerTo(asked: { kind: string; name: string; request: IncomingMessage }, body: Buffer): Answer {
    const { kind, name, request } = asked;
    const args = argumentsOf(request, body);
    if (args === null) {
      return { kind: 'said', status: 200, headers: {}, body: { ok: false, error: 'invalid_json' } };
    }
    if (kind === 'response') return answerResponse(this.#world, name, args);
    return answerCall(this.#world, { method: name, token: tokenOf(request, args), args });
  }

  async #receive(asked: { request: IncomingMessage; response: ServerResponse; key: string }, body: Buffer) {
    const { request, response, key } = asked;
    const world = this.#world;
    const content = await uploadedContent(request, body);
    const refusal = world.uploads.receive(key, content);
    world.journal.addCall({ method: 'upload', at: world.now(), channel: null, outcome: refusal ?? 'ok' });
    response.writeHead(refusal === null ? 200 : 400, { 'content-type': 'text/plain' });
    response.end(refusal ?? `OK - ${content.length}`);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.kind === 'hung') return;
  if (answer.kind === 'lost') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(answer.body));
}

function sendStatus(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}
