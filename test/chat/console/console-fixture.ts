import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConsolePlatform } from '../../../src/chat/console/platform.ts';
import { ChatRoom } from '../../../src/chat/console/room.ts';
import { type ChatServer, serveChat } from '../../../src/chat/console/server.ts';

export const CHANNEL = 'lab';

export interface ConsoleFixture {
  room: ChatRoom;
  /** A bot's side; stopped with the test. */
  connect(onError?: (error: unknown) => void): ConsolePlatform;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
}

export async function consoleChat(): Promise<ConsoleFixture> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-chat-'));
  const socketPath = join(directory, 'chat.sock');
  const room = new ChatRoom();
  const platforms: ConsolePlatform[] = [];
  let server: ChatServer | null = await serveChat(room, socketPath);
  onTestFinished(async () => {
    for (const platform of platforms) await platform.stop();
    await server?.close();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    room,
    connect: (onError = fail) => {
      const platform = new ConsolePlatform({ socketPath, onError });
      platforms.push(platform);
      return platform;
    },
    stopServer: async () => {
      await server?.close();
      server = null;
    },
    startServer: async () => {
      server = await serveChat(room, socketPath);
    },
  };
}

function fail(error: unknown): never {
  throw error;
}
