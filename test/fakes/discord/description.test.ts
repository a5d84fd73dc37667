import { describe, expect, it } from 'vitest';
import { hasDescription, isDescribed } from './description.ts';
import { LAB } from './guild.ts';
import { ROUTES } from './routes/index.ts';
import { guild, refusal } from './scene.ts';

describe.skipIf(!hasDescription)('the official description (skipped where it is absent)', () => {
  it.each(ROUTES.map((route) => [route.method, route.template, route] as const))(
    'has %s %s',
    (_method, _template, route) => {
      expect(isDescribed(route)).toBe(true);
    },
  );

  it('refuses what is no value for a field, and that is a breach', async () => {
    const { discord, rest } = await guild();

    const { status, code, message } = await refusal(
      rest.post(`/channels/${LAB}/messages`, { body: { content: 'x', sticker_ids: 'none' } }),
    );

    expect({ status, code }).toEqual({ status: 400, code: 50035 });
    expect(message).toContain('sticker_ids[DESCRIPTION_TYPE]');
    expect(discord.breaches()).toEqual([expect.stringContaining(`POST /channels/${LAB}/messages`)]);
  });

  it('refuses a query out of its range', async () => {
    const { rest } = await guild();
    const query = new URLSearchParams({ limit: '101' });

    const { code, message } = await refusal(rest.get(`/channels/${LAB}/messages`, { query }));

    expect(code).toBe(50035);
    expect(message).toContain('limit');
  });
});
