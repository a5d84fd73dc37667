import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { errorOf, workspaceWithApp } from './scene.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = { type: 'modal', title: plain('No Home'), blocks: [] } as object as HomeView;

describe('a Home tab', () => {
  it('is published for one person, and its buttons can be clicked', async () => {
    const clicks: Record<string, unknown>[] = [];
    const { slack, web } = await workspaceWithApp((app, { botUser }) => {
      app.event('app_home_opened', ({ event, client }) => publish(client, event.user));
      app.action('refresh', async ({ ack, body }) => {
        clicks.push({ ...body, botUser });
        await ack();
      });
    });
    const alice = slack.as('UALICE');

    await alice.openHome().acknowledged;
    await expect.poll(() => alice.home()).toMatchObject({ type: 'home' });
    await alice.press('home', 'refresh').acknowledged;

    expect(slack.as('UBOB').home()).toBeNull();
    expect(clicks).toMatchObject([
      { type: 'block_actions', view: { type: 'home' }, container: { type: 'view' } },
    ]);
    expect(clicks[0]).not.toHaveProperty('response_url');
    const refused = web.views.publish({ user_id: 'UALICE', view: modal });
    expect(await errorOf(refused)).toBe('invalid_arguments');
  });
});

async function publish(client: WebClient, user_id: string): Promise<void> {
  const text = plain('Refresh');
  const elements = [{ type: 'button' as const, action_id: 'refresh', text }];
  await client.views.publish({ user_id, view: { type: 'home', blocks: [{ type: 'actions', elements }] } });
}
