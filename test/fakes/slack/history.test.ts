import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { errorOf, workspace } from './scene.ts';
import { LAB } from './workspace.ts';

const metadata = { event_type: 'posted', event_payload: { job: '7k3m', attempt: 1 } };

async function five(web: WebClient): Promise<readonly string[]> {
  const stamps: string[] = [];
  for (const text of ['1', '2', '3', '4', '5']) {
    const { ts = '' } = await web.chat.postMessage({ channel: LAB, text, metadata });
    stamps.push(ts);
  }
  return stamps;
}

describe('the history of a channel', () => {
  it('comes in pages, the newest first', async () => {
    const { web } = await workspace({ rateLimits: false });
    await five(web);
    const pages: (readonly (string | undefined)[])[] = [];

    for await (const page of web.paginate('conversations.history', { channel: LAB, limit: 2 })) {
      const { messages } = page as { messages?: { text?: string }[] };
      pages.push(messages?.map(({ text }) => text) ?? []);
    }

    expect(pages).toEqual([['5', '4'], ['3', '2'], ['1']]);
  });

  it.each([
    [{}, ['4', '3']],
    [{ inclusive: true }, ['5', '4', '3', '2']],
  ])('lies between two moments, their own messages included if asked (%o)', async (more, shown) => {
    const { web } = await workspace({ rateLimits: false });
    const [, oldest = '', , , latest = ''] = await five(web);

    const { messages } = await web.conversations.history({ channel: LAB, oldest, latest, ...more });

    expect(messages?.map(({ text }) => text)).toEqual(shown);
  });

  it.each([
    ['1767225600', ['2', '1']],
    ['1767225600.5', ['2']],
    ['1767225600.500000', ['2']],
    ['1767225600.75', []],
  ])('may begin anywhere in a second (%s)', async (oldest, shown) => {
    let now = Date.UTC(2026, 0, 1) + 250;
    const { web } = await workspace({ rateLimits: false, now: () => now });
    await web.chat.postMessage({ channel: LAB, text: '1' });
    now += 500;
    await web.chat.postMessage({ channel: LAB, text: '2' });

    const { messages } = await web.conversations.history({ channel: LAB, oldest });

    expect(messages?.map(({ text }) => text)).toEqual(shown);
  });

  it('tells metadata only when asked', async () => {
    const { web } = await workspace({ rateLimits: false });
    const [ts = ''] = await five(web);
    const first = async (more: object) => {
      const { messages } = await web.conversations.replies({ channel: LAB, ts, ...more });
      return messages?.[0];
    };

    expect(await first({})).not.toHaveProperty('metadata');
    expect(await first({ include_all_metadata: true })).toMatchObject({ metadata });
  });

  it('is refused beyond its limits', async () => {
    const { web } = await workspace({ rateLimits: false });
    const ask = (more: object) => errorOf(web.conversations.history({ channel: LAB, ...more }));

    expect(await ask({ limit: 1001 })).toBe('invalid_limit');
    expect(await ask({ cursor: 'nonsense' })).toBe('invalid_cursor');
    expect(await ask({ oldest: 'yesterday' })).toBe('invalid_ts_oldest');
    expect(await errorOf(web.conversations.history({ channel: 'C0GENERAL' }))).toBe('not_in_channel');
  });
});

describe('metadata', () => {
  it.each([
    [{ event_payload: {} }],
    [{ event_type: 'posted' }],
    [{ event_type: 'posted', event_payload: { nested: { deep: 1 } } }],
    ['no JSON'],
  ])('%o is refused', async (wrong) => {
    const { web } = await workspace();

    const call = web.apiCall('chat.postMessage', { channel: LAB, text: 'x', metadata: wrong });

    expect(await errorOf(call)).toBe('invalid_metadata_format');
  });

  it('stays through an edit that does not name it, and goes by an empty one', async () => {
    const { web } = await workspace({ rateLimits: false });
    const { ts = '' } = await web.chat.postMessage({ channel: LAB, text: 'x', metadata });
    const kept = async () => {
      const asked = { channel: LAB, include_all_metadata: true };
      return (await web.conversations.history(asked)).messages?.[0]?.metadata;
    };

    await web.chat.update({ channel: LAB, ts, text: 'y' });
    expect(await kept()).toEqual(metadata);
    await web.apiCall('chat.update', { channel: LAB, ts, text: 'z', metadata: {} });

    expect(await kept()).toBeUndefined();
  });
});
