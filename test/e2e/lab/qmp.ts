import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const Answer = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ desc: z.string() }) }),
  z.object({ event: z.string() }),
  z.object({ QMP: z.unknown() }),
]);

/**
 * Asks a running QEMU over its control socket.
 *
 * @throws when it refuses
 */
export async function askQemu(
  socketPath: string,
  command: { execute: string; arguments?: Record<string, unknown> },
): Promise<void> {
  const socket = createConnection(socketPath);
  await once(socket, 'connect');
  try {
    socket.write(`${JSON.stringify({ execute: 'qmp_capabilities' })}\n${JSON.stringify(command)}\n`);
    let answers = 0;
    for await (const line of createInterface({ input: socket })) {
      const answer = Answer.parse(JSON.parse(line));
      if ('error' in answer) throw new Error(`QEMU refuses ${command.execute}: ${answer.error.desc}`);
      if ('return' in answer) answers += 1;
      if (answers === 2) return;
    }
    throw new Error(`QEMU ended before it answered ${command.execute}`);
  } finally {
    socket.destroy();
  }
}
