import { createServer } from 'node:net';

export const FIRST_PORT = 22_022;
const LAST_PORT = 32_000;

/**
 * A port on the host that nobody listens on. It lies below the ports that systems give to
 * outgoing connections, so that it is still free after the box was down for a while.
 */
export async function findFreePort(host: string, first = FIRST_PORT): Promise<number> {
  for (let port = first; port <= LAST_PORT; port += 1) {
    if (await isFree(host, port)) return port;
  }
  throw new Error(`no free port between ${first} and ${LAST_PORT} on ${host}`);
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
