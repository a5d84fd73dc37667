import { ChatRoom } from '../../chat/console/room.ts';
import { serveChat } from '../../chat/console/server.ts';
import type { DemoChat } from './chat.ts';
import { CHANNEL, consolePeople } from './console-people.ts';

/** The chat on the demo's own terminal. */
export interface ConsoleChat extends DemoChat {
  room: ChatRoom;
}

/** Opens the room for a bot that comes by the socket. */
export async function openConsoleChat(socketPath: string): Promise<ConsoleChat> {
  const room = new ChatRoom();
  const server = await serveChat(room, socketPath);
  return {
    room,
    environment: { TESTBOX_CONSOLE: socketPath },
    channel: { platform: 'console', id: CHANNEL },
    accounts: { alice: 'console:console:alice', bob: 'console:console:bob' },
    people: consolePeople(room),
    close: () => server.close(),
  };
}
