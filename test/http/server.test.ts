import { afterEach, describe, expect, it } from 'vitest';
import type { ReportsOutcome } from '../../src/app/agent-calls.ts';
import { BODY_LIMIT_BYTES, HELLO_PATH, REPORTS_PATH } from '../../src/contract/report.ts';
import { BATCH, bot, closeServers, HELLO, REPORTS_ACCEPTED } from './bot-server.ts';

afterEach(closeServers);

describe('hello', () => {
  it('reaches the app parsed, with the address of the TCP peer and not of a header', async () => {
    const { server, reached } = bot();

    const response = await server.inject({
      method: 'POST',
      url: HELLO_PATH,
      payload: { ...HELLO, surplus: 1 },
      headers: { 'x-forwarded-for': '10.40.41.42', forwarded: 'for=10.40.41.42' },
      remoteAddress: '::ffff:10.40.41.99',
    });

    expect(reached).toEqual([[HELLO, '10.40.41.99']]);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toEqual({ directive: 'wait', reason: 'the job is queued' });
  });

  it('is answered 403 when it comes from elsewhere', async () => {
    const { server } = bot({ hello: { kind: 'forbidden', why: 'not the address of this box' } });

    const response = await server.inject({ method: 'POST', url: HELLO_PATH, payload: HELLO });

    expect(response.statusCode).toBe(403);
    expect(response.json()).toEqual({ error: 'forbidden', message: 'not the address of this box' });
  });
});

describe('reports', () => {
  it('reach the app with their token, and are answered', async () => {
    const { server, reached } = bot();

    const response = await server.inject({
      method: 'POST',
      url: REPORTS_PATH,
      payload: BATCH,
      headers: { authorization: 'Bearer abc.def' },
    });

    expect(reached).toEqual([{ batch: BATCH, token: 'abc.def', peer: '127.0.0.1' }]);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ acknowledged: 1, directive: { kind: 'continue' } });
  });

  it.each<[ReportsOutcome, number, string]>([
    [{ kind: 'unauthorized' }, 401, 'unauthorized'],
    [{ kind: 'forbidden', why: 'w' }, 403, 'forbidden'],
    [{ kind: 'gone', why: 'w' }, 410, 'gone'],
  ])('are answered %j with %i', async (reports, status, error) => {
    const { server } = bot({ reports });

    const response = await server.inject({ method: 'POST', url: REPORTS_PATH, payload: BATCH });

    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ error, message: expect.any(String) });
  });

  it.each(['', 'Basic abc', 'Bearer', 'Bearer a b'])(
    'have an empty token for the header %j',
    async (authorization) => {
      const { server, reached } = bot();

      await server.inject({ method: 'POST', url: REPORTS_PATH, payload: BATCH, headers: { authorization } });

      expect(reached).toEqual([expect.objectContaining({ token: '' })]);
    },
  );
});

describe('bad requests', () => {
  const json = { 'content-type': 'application/json' };

  it.each<[string, string | object, Record<string, string>, number, RegExp]>([
    ['no JSON', 'nonsense', json, 400, /JSON/],
    ['half a JSON', '{"job":', json, 400, /JSON/],
    ['an empty body', '', json, 400, /empty/],
    [
      'another type',
      'job=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      /Unsupported Media Type/,
    ],
    ['plain text', JSON.stringify(BATCH), { 'content-type': 'text/plain' }, 415, /Unsupported Media Type/],
    ['a poisoned prototype', '{"__proto__":{"job":"7k3m9q2x"}}', json, 400, /JSON/],
    ['a list', '[]', json, 400, /expected object/],
    ['a wrong job id', { ...BATCH, job: '../etc' }, json, 400, /job: expected a job id/],
    [
      'a wrong sequence',
      { ...BATCH, reports: [{ ...BATCH.reports[0], sequence: 0 }] },
      json,
      400,
      /reports\.0\.sequence/,
    ],
    [
      'an unknown report',
      { ...BATCH, reports: [{ sequence: 1, at: 0, body: { type: 'x' } }] },
      json,
      400,
      /reports\.0\.body/,
    ],
    [
      'too large a body',
      JSON.stringify({ ...BATCH, pad: 'x'.repeat(BODY_LIMIT_BYTES) }),
      json,
      413,
      /too large/,
    ],
  ])('with %s change nothing and are told why', async (_what, payload, headers, status, message) => {
    const { server, reached, logged } = bot();

    for (const url of [REPORTS_PATH, HELLO_PATH]) {
      const response = await server.inject({ method: 'POST', url, payload, headers });

      expect(response.statusCode).toBe(status);
      if (url === REPORTS_PATH) expect(response.json().message).toMatch(message);
      expect(Object.keys(response.json())).toEqual(['error', 'message']);
    }
    expect(reached).toEqual([]);
    expect(logged).toEqual([]);
  });

  it('to nowhere get 404', async () => {
    const { server } = bot();

    const response = await server.inject({ method: 'GET', url: '/v1/lab/jobs' });

    expect(response.statusCode).toBe(404);
    expect(response.json()).toEqual({ error: 'not-found', message: 'there is no GET /v1/lab/jobs' });
  });

  it('never tell the inside of a failure, but the id under which it is logged', async () => {
    const { server, logged } = bot({
      calls: {
        hello: async () => Promise.reject(new Error('secret')),
        reports: async () => REPORTS_ACCEPTED,
      },
    });

    const response = await server.inject({ method: 'POST', url: HELLO_PATH, payload: HELLO });

    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(logged).toEqual([
      {
        err: expect.objectContaining({ message: 'secret' }),
        errorId: expect.any(String),
        message: 'a request failed',
      },
    ]);
    expect(JSON.stringify(logged)).toContain(/error ([0-9a-f]{8})$/.exec(response.json().message)?.[1]);
  });
});
