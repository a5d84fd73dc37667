import type { Log } from '../../src/app/ports.ts';
import type { Inbound } from '../../src/chat/platform.ts';
import { ear } from '../contracts/chat-platform.ts';

export interface LogEntry {
  level: 'info' | 'warn' | 'error';
  fields: object;
  message: string;
}

/** The app's side of a conversation, as a test scripts it, and what has come to it. */
export interface ScriptedInbound {
  app: Inbound;
  nextCommand: ReturnType<typeof ear>['nextCommand'];
  nextPress: ReturnType<typeof ear>['nextPress'];
  /** How many commands and presses have reached the app. */
  heard(): number;
}

/** What isn't scripted is taken and not answered. */
export function scriptedInbound(script: Partial<Inbound>): ScriptedInbound {
  const { inbound, nextCommand, nextPress } = ear();
  let count = 0;
  const app: Inbound = {
    ...inbound,
    ...script,
    command: (command) => {
      count += 1;
      return (script.command ?? inbound.command)(command);
    },
    press: (press) => {
      count += 1;
      return (script.press ?? inbound.press)(press);
    },
  };
  return { app, heard: () => count, nextCommand, nextPress };
}

/** A log whose entries can be looked at, in order. */
export function logEntries(): { entries: readonly LogEntry[]; log: Log } {
  const entries: LogEntry[] = [];
  const at = (level: LogEntry['level']) => (fields: object, message: string) =>
    void entries.push({ level, fields, message });
  return { entries, log: { info: at('info'), warn: at('warn'), error: at('error') } };
}
