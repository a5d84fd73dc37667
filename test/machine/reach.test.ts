import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { reachPort } from '../../src/machine/reach.ts';
import { closeBoxes, listen, machines, pluto } from './ssh-box.ts';

afterEach(closeBoxes);

const back = (port: number) => ({ ...pluto({}), back: { kind: 'tcp' as const, port } });

/** A port that nobody listens on: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

describe('reach', () => {
  it('is open when the port of the back check takes the connection', async () => {
    const port = await listen(() => undefined);

    expect(await machines({}).machines.reach(back(port))).toEqual({ kind: 'open' });
  });

  it('is closed with the reason when nobody listens', async () => {
    const port = await closedPort();

    expect(await machines({}).machines.reach(back(port))).toEqual({
      kind: 'closed',
      why: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is closed when the name of the box is unknown', async () => {
    const reach = await reachPort({ host: 'no-such-box.invalid', port: 1, timeoutMs: 5_000 });

    expect(reach.kind).toBe('closed');
  });

  it('says of a box with another back check that there is nothing to reach', async () => {
    expect(await machines({}).machines.reach(pluto({}))).toEqual({
      kind: 'closed',
      why: 'no TCP port tells that pluto is back',
    });
  });
});
