import { emitKeypressEvents } from 'node:readline';
import type { Key } from './line-editor.ts';
import type { Demo } from './start-demo.ts';
import { TerminalSession } from './terminal-session.ts';

const LOOK_MS = 150;

/** The chat on a terminal, with the tour; ends when the person leaves. */
export async function runTerminal(demo: Demo, signal: AbortSignal): Promise<boolean> {
  const { stdin, stdout } = process;
  const session = new TerminalSession(demo, stdout);
  const onKey = (_text: string | undefined, key: Partial<Key>) =>
    session.key({ name: key.name, sequence: key.sequence, ctrl: key.ctrl ?? false, meta: key.meta ?? false });
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('keypress', onKey);
  stdout.on('resize', session.redraw);
  const timer = setInterval(() => void session.look(), LOOK_MS);
  try {
    await session.left(signal);
  } finally {
    clearInterval(timer);
    stdout.off('resize', session.redraw);
    stdin.off('keypress', onKey);
    stdin.setRawMode(false);
    stdin.pause();
    session.end();
  }
  return true;
}
