import { createServer } from 'node:net';

const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/**
 * A port on the host that nobody listens on. It lies below the ports that systems give to
 * outgoing connections, and somewhere in the middle, so that it is still free after whoever
 * listens there was down for a while, even with another lab on the same machine.
 */
export async function findFreePort(host: string, first = randomPort()): Promise<number> {
  for (let port = first; port <= LAST_PORT; port += 1) {
    if (await isFree(host, port)) return port;
  }
  throw new Error(`no free port between ${first} and ${LAST_PORT} on ${host}`);
}

function randomPort(): number {
  return FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT - 1_000));
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
