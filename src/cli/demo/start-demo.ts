import { type ConsoleChat, openConsoleChat } from './console-chat.ts';
import type { DemoDirectory } from './demo-directory.ts';
import { type DemoLab, type LabPace, startLab } from './start-lab.ts';

/** A running demo: a lab, with the chat on this terminal. */
export interface Demo extends DemoLab {
  room: ConsoleChat['room'];
}

/** Starts it; resolves when the bot answers. @throws BotStartError */
export async function startDemo(directory: DemoDirectory, pace: LabPace): Promise<Demo> {
  const chat = await openConsoleChat(directory.socketPath);
  return { ...(await startLab({ directory, chat }, pace)), room: chat.room };
}
