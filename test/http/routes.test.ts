import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HELLO_PATH } from '../../src/contract/report.ts';
import { LAB_JOBS_PATH } from '../../src/http/lab-routes.ts';
import { listen } from '../../src/http/server.ts';
import { bot, closeServers } from './bot-server.ts';

afterEach(closeServers);

describe('/healthz', () => {
  it.each([
    [null, 200, 'ok'],
    ['the store is away', 503, 'failing'],
  ])('with the problem %j answers %i', async (problem, statusCode, status) => {
    const { server } = bot({ health: async () => ({ version: '0.1.0', problem }) });

    const response = await server.inject('/healthz');

    expect(response.statusCode).toBe(statusCode);
    expect(response.json()).toEqual({ status, name: 'testbox', version: '0.1.0', problem });
  });

  it('is failing when the check itself fails', async () => {
    const { server } = bot({ health: async () => Promise.reject(new Error('x')) });

    expect((await server.inject('/healthz')).statusCode).toBe(503);
  });
});

describe('an answer to a hello', () => {
  it('carries the time by the bot’s clock: agents compare theirs', async () => {
    const { server } = bot();
    const port = await listen(server, { host: '127.0.0.1', port: 0 });
    const before = Math.floor(Date.now() / 1000) * 1000;

    const response = await fetch(`http://127.0.0.1:${port}${HELLO_PATH}`, { method: 'POST' });

    const told = Date.parse(response.headers.get('date') ?? '');
    expect(told).toBeGreaterThanOrEqual(before);
    expect(told).toBeLessThanOrEqual(Date.now());
  });
});

describe('/v1/lab/jobs', () => {
  it('shows what the lab gives', async () => {
    const { server } = bot({ labJobs: async () => [{ id: '7k3m9q2x' }] });

    expect((await server.inject(LAB_JOBS_PATH)).json()).toEqual([{ id: '7k3m9q2x' }]);
  });
});

describe('listen', () => {
  it('gives the port that the system chose, and cuts connections when it closes', async () => {
    const { server } = bot();
    const port = await listen(server, { host: '127.0.0.1', port: 0 });
    const idle = connect(port, '127.0.0.1');
    const ended = new Promise((resolve) => idle.once('close', resolve));

    const response = await fetch(`http://127.0.0.1:${port}/healthz`);
    await server.close();

    expect(response.status).toBe(200);
    await ended;
  });
});
