import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import { ClientLine, type RoomInput, type ServerLine } from './protocol.ts';
import type { ChatRoom } from './room.ts';

/** The door through which a bot takes part in the room. */
export interface ChatServer {
  /** Cuts every connection, as a network fault would. */
  cut(): void;
  close(): Promise<void>;
}

/** Listens on the socket path; one that a dead demo left behind is taken over. */
export async function serveChat(room: ChatRoom, socketPath: string): Promise<ChatServer> {
  const sockets = new Set<Socket>();
  const deliveries = new Deliveries(room);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      deliveries.left(socket);
    });
    readJsonLines(socket, ClientLine, (line) => {
      if (line.type === 'hello') deliveries.joined(socket, line.session);
      else if (line.type === 'handled') room.handled(line.input);
      else writeJsonLine(socket, carryOut(room, line));
    });
  });
  await rm(socketPath, { force: true });
  server.listen(socketPath);
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    cut,
    close: async () => {
      deliveries.stop();
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

/** Hands inputs to the bot that joined last, and all open ones again to the next. */
class Deliveries {
  readonly #room: ChatRoom;
  readonly #deliveredTo = new Map<string, string>();
  readonly #onInput = (input: RoomInput) => this.#deliver(input);
  #bot: { socket: Socket; session: string } | null = null;

  constructor(room: ChatRoom) {
    this.#room = room;
    room.on('input', this.#onInput);
  }

  joined(socket: Socket, session: string): void {
    this.#bot = { socket, session };
    for (const input of this.#room.openInputs()) this.#deliver(input);
  }

  left(socket: Socket): void {
    if (this.#bot?.socket === socket) this.#bot = null;
  }

  stop(): void {
    this.#room.off('input', this.#onInput);
  }

  #deliver(input: RoomInput): void {
    if (this.#bot === null) return;
    const before = this.#deliveredTo.get(input.id);
    // Another process begins anew, so what the dead one answered would stand there twice.
    if (before !== undefined && before !== this.#bot.session) this.#room.forgetAnswers(input.id);
    this.#deliveredTo.set(input.id, this.#bot.session);
    writeJsonLine(this.#bot.socket, { type: 'input', input } satisfies ServerLine);
  }
}

function carryOut(room: ChatRoom, line: Exclude<ClientLine, { type: 'hello' | 'handled' }>): ServerLine {
  const { id } = line;
  switch (line.type) {
    case 'post': {
      const place = { channel: line.channel, thread: null, broadcast: false, nonce: line.nonce };
      return { type: 'done', id, ref: room.post(place, line.message) };
    }
    case 'post-in-thread': {
      const card = room.get(line.card);
      if (card === undefined) return { type: 'gone', id, why: `there is no message ${line.card}` };
      const { nonce, broadcast } = line;
      const place = { channel: card.channel, thread: card.ref, broadcast, nonce };
      return { type: 'done', id, ref: room.post(place, line.message) };
    }
    case 'edit':
      return room.edit(line.ref, line.message)
        ? { type: 'done', id, ref: line.ref }
        : { type: 'gone', id, why: `there is no message ${line.ref}` };
    case 'tell-person':
      return { type: 'done', id, ref: room.tell(line, line.message) };
    case 'answer':
      return doneOrGone(id, line.input, room.answer(line.input, line.message));
    case 'replace':
      return doneOrGone(id, line.input, room.replace(line.input, line.message));
  }
}

function doneOrGone(id: number, input: string, ref: string | undefined): ServerLine {
  return ref === undefined
    ? { type: 'gone', id, why: `there is no input ${input}` }
    : { type: 'done', id, ref };
}
