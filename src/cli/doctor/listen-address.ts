import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ListenAddress } from '../../config/env.ts';
import { HEALTH_PATH, Health } from '../../http/health-route.ts';
import { type Check, NEEDS_ENVIRONMENT } from './check.ts';

const ANSWER_WITHIN_MS = 3_000;

export const listenAddress: Check = {
  name: 'listen address',
  async run({ config }) {
    if (config === null) return NEEDS_ENVIRONMENT;
    const { host, port } = config.listen;
    const obstacle = await bindingFailure(config.listen);
    if (obstacle === undefined) return { kind: 'ok', detail: `${host}:${port} is free` };
    if (obstacle === 'EADDRINUSE' && (await isTestbox(config.listen))) {
      return { kind: 'ok', detail: `a bot listens on ${host}:${port}` };
    }
    return {
      kind: 'fix',
      todo: [`choose another TESTBOX_LISTEN: ${host}:${port} can't be used (${obstacle})`],
    };
  },
};

async function bindingFailure({ host, port }: ListenAddress): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    server.close();
  }
}

async function isTestbox({ host, port }: ListenAddress): Promise<boolean> {
  const local =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${local}:${port}${HEALTH_PATH}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return Health.safeParse(await response.json()).success;
  } catch {
    return false; // whatever listens there is no bot that works
  }
}
