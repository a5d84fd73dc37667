import { connect } from 'node:net';
import type { Reach } from '../app/ports.ts';

/** Tries to open a TCP connection and closes it at once. A port that says nothing is closed. */
export function reachPort(place: { host: string; port: number; timeoutMs: number }): Promise<Reach> {
  const { host, port, timeoutMs } = place;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const timer = setTimeout(end, timeoutMs, {
      kind: 'closed',
      why: `no answer from ${host}:${port} within ${timeoutMs / 1_000} s`,
    });
    socket.once('connect', () => end({ kind: 'open' }));
    // Stays on: what the socket still says after its end has nobody else to hear it.
    socket.on('error', (error) => end({ kind: 'closed', why: error.message || `no way to ${host}:${port}` }));

    function end(reach: Reach): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(reach);
    }
  });
}
