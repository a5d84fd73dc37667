import type { Socket } from 'node:net';
import type { z } from 'zod';

/** Far above any card with its log tail. */
const LINE_LIMIT_CHARACTERS = 4 * 1024 * 1024;

/**
 * Reads one JSON value a line. Whoever sends anything else is cut off: both ends are of one
 * version, so it can only be a stranger.
 */
export function readJsonLines<T>(socket: Socket, schema: z.ZodType<T>, onLine: (line: T) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (part) => {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LIMIT_CHARACTERS) socket.destroy();
    for (const line of lines) {
      const parsed = schema.safeParse(jsonOf(line));
      if (!parsed.success) {
        socket.destroy();
        return;
      }
      onLine(parsed.data);
    }
  });
}

export function writeJsonLine(socket: Socket, line: object): void {
  socket.write(`${JSON.stringify(line)}\n`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it: the caller cuts the connection
  }
}
