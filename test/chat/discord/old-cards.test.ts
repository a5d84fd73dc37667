import { describe, expect, it } from 'vitest';
import { button, message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/discord/guild.ts';
import { discordScene } from './discord-fixture.ts';

const MINUTE = 60_000;
const TOO_OLD = { status: 429, code: 30046, message: 'Maximum number of edits reached. Try again later' };

describe('a card that is too old for another edit', () => {
  it('is stood for by a message in its thread, buttons and all, and the caller tries again', async () => {
    const { edit, card, thread } = await withOldCard();
    await edit('running');

    const outcome = await refusedOnce(edit, 'held');

    expect(outcome).toMatchObject({ name: 'ChatUnavailableError', retryAfterMs: 10 * MINUTE });
    expect(card()?.text).toContain('running');
    expect(thread()).toEqual([expect.stringContaining('held')]);
    expect(thread.shown()[0]?.buttons.map(({ label }) => label)).toEqual(['resume']);
  });

  it('is stood for by the same message for what comes next, without asking Discord', async () => {
    const { edit, thread, edits } = await withOldCard();
    await refusedOnce(edit, 'held');
    const before = edits();

    await expect(edit('failed')).rejects.toThrow('stands for it');

    expect(thread()).toEqual([expect.stringContaining('failed')]);
    expect(edits() - before).toBe(1);
  });

  it('shows the last state itself in the end, and what stood for it says that it is over', async () => {
    const { edit, card, thread, clock } = await withOldCard();
    await refusedOnce(edit, 'held');
    clock.advance(10 * MINUTE);

    await edit('held');

    expect(card()?.text).toContain('held');
    expect(thread()).toEqual([expect.stringContaining('the card itself shows')]);
    expect(thread.shown()[0]?.buttons).toEqual([]);
  });

  it('shows it as well when the bot was started anew', async () => {
    const { edit, card, thread, clock, restart } = await withOldCard();
    await refusedOnce(edit, 'held');
    clock.advance(50 * MINUTE);
    restart();

    await edit('held');

    expect(card()?.text).toContain('held');
    expect(thread()).toEqual([expect.stringContaining('the card itself shows')]);
  });

  it('does not hold back the edits of other cards', async () => {
    const { edit, platform, seen } = await withOldCard();
    const other = await platform().post({ channel: LAB, nonce: 'n2' }, message('one'));
    await refusedOnce(edit, 'held');

    await platform().edit(other, message('two'));

    expect(seen(ALICE).map(({ text }) => text)).toContain('two');
  });

  it("is known by Discord's own count, and no state is lost", async () => {
    const { edit, thread } = await withOldCard({ fault: false });
    const outcomes: string[] = [];

    for (const state of ['1', '2', '3', '4', '5', '6', '7'])
      outcomes.push(
        await edit(`state ${state}`).then(
          () => 'shown',
          () => 'stood for',
        ),
      );

    expect(outcomes.slice(-2)).toEqual(['stood for', 'stood for']);
    expect(thread()).toEqual([expect.stringContaining('state 7')]);
  });

  async function withOldCard({ fault = true }: { fault?: boolean } = {}) {
    const scene = await discordScene({ breaks: true });
    const { connect, clock, seen, discord } = scene;
    let platform = connect();
    const look = (state: string) =>
      message(state, { title: 'Backup pluto', lines: [state], buttons: [button('resume')] });
    const ref = await platform.post({ channel: LAB, nonce: 'n1' }, look('queued'));
    clock.advance(65 * MINUTE);
    const id = ref.split(':')[1];
    const edits = () => discord.calls().filter(({ method }) => method === 'PATCH').length;
    const shown = () => seen(ALICE).filter(({ threadId }) => threadId === id);
    const fail = () => fault && discord.failNext(`/messages/${id}`, TOO_OLD);
    return {
      ...{ ...scene, edits },
      platform: () => platform,
      edit: Object.assign((state: string) => platform.edit(ref, look(state)), { fail }),
      restart: () => {
        platform = connect();
      },
      card: () => seen(ALICE).find((one) => one.id === id),
      thread: Object.assign(() => shown().map(({ text }) => text), { shown }),
    };
  }

  async function refusedOnce(
    edit: ((state: string) => Promise<void>) & { fail: () => unknown },
    state: string,
  ): Promise<unknown> {
    edit.fail();
    return edit(state).then(
      () => expect.fail('it was shown'),
      (error: unknown) => error,
    );
  }
});
