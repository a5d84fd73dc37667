import { describe, expect, it } from 'vitest';
import { createdAt } from '../../../src/chat/discord/ref.ts';
import type { ChatPlatform } from '../../../src/chat/platform.ts';
import { button, message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/discord/guild.ts';
import { discordScene } from './discord-fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Minutes from one showing to the next. */
const STEP = 5;

describe('progress', () => {
  it('is on the card for 55 minutes, and then in a message in its thread that is renewed', async () => {
    const { hours, card, thread } = await withCard();

    await hours(3);

    expect(thread()).toEqual(
      ['105 of 180 min', '160 of 180 min', '175 of 180 min'].map((text) => expect.stringContaining(text)),
    );
    expect(card()?.text).toContain('50 of 180 min');
    expect(card()?.buttons.map(({ label }) => label)).toEqual(['cancel']);
  });

  it('edits no message that is older than an hour', async () => {
    const { hours, discord } = await withCard();

    await hours(3);

    const ages = discord
      .calls()
      .filter(({ method }) => method === 'PATCH')
      .map(({ path, at }) => at - createdAt(path.split('/').at(-1) ?? ''));
    expect(ages).toHaveLength(32);
    expect(Math.max(...ages)).toBeLessThan(HOUR);
  });

  it('in the thread has neither buttons nor mentions, and leads to the card', async () => {
    const { platform, ref, clock, seen } = await withCard();
    clock.advance(56 * MINUTE);
    const mentions = [{ platform: 'discord', user: ALICE }] as const;

    await platform.showProgress(ref, shown(56, { mentions }));

    const live = seen(ALICE).at(-1);
    expect(live?.text).toContain(`https://discord.com/channels/`);
    expect(live?.text).toContain(ref.replace(':', '/'));
    expect(live).toMatchObject({ buttons: [], notified: [] });
  });

  it('goes on in the same message after a restart', async () => {
    const { platform, connect, ref, clock, thread } = await withCard();
    clock.advance(60 * MINUTE);
    await platform.showProgress(ref, shown(60));
    clock.advance(MINUTE);

    await connect().showProgress(ref, shown(61));

    expect(thread()).toEqual([expect.stringContaining('61 of 180 min')]);
  });

  it('that somebody deleted comes back with the next message, not at once', async () => {
    const { platform, ref, clock, thread, discord, seen } = await withCard();
    clock.advance(60 * MINUTE);
    await platform.showProgress(ref, shown(60));
    discord.deleteMessage(seen(ALICE).at(-1)?.id ?? '');

    await platform.showProgress(ref, shown(61));
    await platform.showProgress(ref, shown(62));
    const between = thread();
    clock.advance(55 * MINUTE);
    await platform.showProgress(ref, shown(115));

    expect(between).toEqual([]);
    expect(thread()).toEqual([expect.stringContaining('115 of 180 min')]);
  });

  it('is shown in a thread that somebody archived meanwhile', async () => {
    const { platform, ref, clock, thread, discord } = await withCard();
    clock.advance(60 * MINUTE);
    await platform.showProgress(ref, shown(60));
    discord.archiveThread(ref.split(':')[1] ?? '', { locked: false });

    await platform.showProgress(ref, shown(61));

    expect(thread()).toEqual([expect.stringContaining('61 of 180 min')]);
  });
});

function shown(minute: number, more: Parameters<typeof message>[1] = {}) {
  return message('backing up', {
    ...{ title: 'Backup pluto', lines: [`${minute} of 180 min`], buttons: [button('cancel')] },
    ...more,
  });
}

async function withCard() {
  const scene = await discordScene();
  const { connect, clock, seen } = scene;
  const platform: ChatPlatform = connect();
  const ref = await platform.post({ channel: LAB, nonce: 'n1' }, shown(0));
  const id = ref.split(':')[1];
  return {
    ...{ ...scene, platform, ref },
    async hours(count: number) {
      for (let minute = 0; minute < count * 60; minute += STEP) {
        await platform.showProgress(ref, shown(minute));
        clock.advance(STEP * MINUTE);
      }
    },
    card: () => seen(ALICE).find((one) => one.id === id),
    thread: () => seen(ALICE).flatMap(({ threadId, text }) => (threadId === id ? [text] : [])),
  };
}
