import { REST, Routes } from 'discord.js';
import { describe, expect, it, vi } from 'vitest';
import { ALICE, GENERAL, LAB } from './guild.ts';
import { guild } from './scene.ts';
import type { FakeDiscord } from './types.ts';

const MESSAGES = Routes.channelMessages(LAB);

/** Calls without a client that would wait by itself. */
function bare(discord: FakeDiscord, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${discord.apiUrl}/v10${path}`, { method, headers, ...init });
}

/** discord.js, which refuses to wait. */
function impatient(discord: FakeDiscord): REST {
  return new REST({ api: discord.apiUrl, retries: 0, rejectOnRateLimit: ['/'] }).setToken(discord.token);
}

describe('a route’s limit', () => {
  it('is shown in headers, and what exceeds it is a breach', async () => {
    const { discord } = await guild();
    const post = () => bare(discord, 'POST', MESSAGES, { content: 'x' });

    const first = await post();
    for (let call = 0; call < 4; call += 1) await post();
    const over = await post();

    expect(Object.fromEntries(first.headers)).toMatchObject({
      ...{ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4', 'x-ratelimit-bucket': 'posts' },
      'x-ratelimit-reset-after': expect.stringMatching(/^[45]\.\d{3}$/),
    });
    expect(over.status).toBe(429);
    expect(over.headers.get('x-ratelimit-scope')).toBe('user');
    expect(await over.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
    expect(discord.breaches()).toEqual([`POST ${MESSAGES} was called beyond Discord's limit (429)`]);
    expect(discord.invalidRequests()).toBe(1);
  });

  it('is kept by discord.js, which reads them', async () => {
    const { discord } = await guild();
    const rest = impatient(discord);
    for (let call = 0; call < 5; call += 1) await rest.post(MESSAGES, { body: { content: 'x' } });

    await expect(rest.post(MESSAGES, { body: { content: 'x' } })).rejects.toMatchObject({
      ...{ name: 'RateLimitError[/channels/:id/messages]', limit: 5 },
    });
    expect(discord.calls()).toHaveLength(5);
    expect(discord.breaches()).toEqual([]);
  });

  it('is each channel’s own', async () => {
    const { discord } = await guild();
    discord.setChannel(GENERAL, { botMayWrite: true });
    for (let call = 0; call < 5; call += 1) await bare(discord, 'POST', MESSAGES, { content: 'x' });

    const other = await bare(discord, 'POST', Routes.channelMessages(GENERAL), { content: 'x' });

    expect(other.status).toBe(200);
  });

  it('of the whole bot is fifty calls a second', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { discord } = await guild();
    const reads = [Routes.user(), Routes.user(ALICE), Routes.channel(LAB)];
    for (let call = 0; call < 50; call += 1) await bare(discord, 'GET', reads[call % 3] ?? '');

    const over = await bare(discord, 'GET', Routes.gatewayBot());
    vi.useRealTimers();

    expect(over.status).toBe(429);
    expect(over.headers.get('x-ratelimit-global')).toBe('true');
    expect(await over.json()).toMatchObject({ global: true });
  });

  it('can be off', async () => {
    const { discord } = await guild({ rateLimits: false });

    for (let call = 0; call < 20; call += 1) await bare(discord, 'POST', MESSAGES, { content: 'x' });

    expect(discord.breaches()).toEqual([]);
    expect(discord.as(ALICE).sees()).toHaveLength(20);
  });
});

describe('a storm', () => {
  it('refuses what it is about, and is nobody’s fault', async () => {
    const { discord } = await guild();
    discord.storm('/messages', { retryAfterSeconds: 7, forMs: 60_000 });

    const posted = await bare(discord, 'POST', MESSAGES, { content: 'x' });
    const read = await bare(discord, 'GET', Routes.channel(LAB));

    expect([posted.status, posted.headers.get('retry-after'), read.status]).toEqual([429, '7', 200]);
    expect(discord.breaches()).toEqual([]);
    expect(discord.invalidRequests()).toBe(0);
  });
});
