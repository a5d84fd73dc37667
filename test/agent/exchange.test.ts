import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Exchange } from '../../agent/exchange.ts';

const CALL = { path: '/v1/hello', body: { word: 'grüß' }, token: 'secret' };

let server: Server;
let exchange: Exchange;
afterEach(() => {
  exchange.close();
  server.closeAllConnections();
  server.close();
});

async function serve(
  listener: RequestListener,
  changes: { timeoutMs?: number; under?: string } = {},
): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  exchange = new Exchange({
    base: `http://127.0.0.1:${port}${changes.under ?? ''}`,
    localAddress: '127.0.0.9',
    timeoutMs: changes.timeoutMs ?? 5_000,
    answerBytes: 1_000,
  });
}

it('posts over one connection from its own address, below the path of the base', async () => {
  const seen = new Set<string>();
  const bodies: string[] = [];
  await serve(
    async (request, response) => {
      seen.add(`${request.socket.remoteAddress} ${request.socket.remotePort}`);
      let body = '';
      for await (const piece of request) body += String(piece);
      bodies.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      response.writeHead(201, { date: 'Mon, 23 Nov 2026 01:02:03 GMT' }).end('yes');
    },
    { under: '/lab/' },
  );

  const replies = [await exchange.post(CALL), await exchange.post(CALL)];

  expect(replies[0]).toEqual({ status: 201, text: 'yes', serverTime: Date.UTC(2026, 10, 23, 1, 2, 3) });
  expect([...seen]).toEqual([expect.stringMatching(/^127\.0\.0\.9 \d+$/)]);
  expect(bodies[1]).toBe('POST /lab/v1/hello Bearer secret {"word":"grüß"}');
});

it('knows no time of a server that tells none', async () => {
  await serve((_request, response) => {
    response.sendDate = false;
    response.end('{}');
  });

  expect((await exchange.post(CALL)).serverTime).toBeNull();
});

it('refuses an answer that is too long', async () => {
  await serve((_request, response) => response.end('x'.repeat(2_000)));

  await expect(exchange.post(CALL)).rejects.toThrow('too long');
});

it('ends at its time whatever trickles in', async () => {
  await serve(
    (_request, response) => {
      const drops = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(drops));
    },
    { timeoutMs: 150 },
  );

  await expect(exchange.post(CALL)).rejects.toThrow();
});

it('fails when the server hangs up in the middle, and works at the next call', async () => {
  let calls = 0;
  await serve((_request, response) => {
    calls += 1;
    if (calls > 1) return response.end('{}');
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });

  await expect(exchange.post(CALL)).rejects.toThrow();
  expect((await exchange.post(CALL)).status).toBe(200);
});

it('fails where nobody listens', async () => {
  await serve((_request, response) => response.end());
  await new Promise((resolve) => server.close(resolve));

  await expect(exchange.post(CALL)).rejects.toThrow('ECONNREFUSED');
});
