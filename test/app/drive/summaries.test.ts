import { beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app/app.ts';
import type { Driver } from '../../../src/app/drive/driver.ts';
import type { Job, JobState } from '../../../src/domain/job.ts';
import { settle, type TestApp } from '../../fakes/app.ts';
import { botOn } from '../../fakes/app-with-chat.ts';
import { FakeChat } from '../../fakes/chat.ts';
import { changeStored, hear, nth, runningFleet } from '../../fakes/fleet.ts';

let store: TestApp;
let jobs: Job[];
let chat: FakeChat;
let app: App;
let driver: Driver;

async function fleet(count: number): Promise<void> {
  ({ app: store, jobs } = await runningFleet(count));
  restart();
}

function restart(): void {
  ({ app, driver } = botOn(store, chat));
}

/** Some time later, all that can be done is done. */
async function later(ms: number): Promise<void> {
  store.clock.advance(ms);
  await settle(app, driver);
}

/** The first ones are no longer at work. */
async function end(count: number, state: JobState = 'succeeded'): Promise<void> {
  for (const job of jobs.splice(0, count)) await changeStored(store, job, { state });
}

const titles = () => chat.cards().map(({ message }) => message.title ?? message.text);
const CLOSED = "Few enough again: each job's card shows its own progress.";

beforeEach(() => {
  chat = new FakeChat();
});

describe('the summary of a channel', () => {
  it.each([
    [20, []],
    [21, ['21 jobs at work']],
  ])('with %i jobs at work is %j', async (count, shown) => {
    await fleet(count);

    await later(0);
    await later(10_000);

    expect(titles()).toEqual(shown);
  });

  it('counts the jobs of its own channel, and those at work alone', async () => {
    await fleet(22);
    await changeStored(store, nth(jobs, 1), { origin: { platform: 'console', channel: 'attic' } });
    await changeStored(store, nth(jobs, 2), { state: 'queued' });

    await later(0);

    expect(titles()).toEqual([]);
  });

  it('is edited at most every 5 s, and when there is something new to show', async () => {
    await fleet(21);
    await later(0);
    const job = nth(jobs, 1);

    await hear(store, job, 50);
    await later(4_999);
    expect(chat.cards()[0]?.edits).toBe(0);
    await later(1);
    expect(chat.cards()[0]?.message.lines[0]).toBe('⏳ restore box-1: 50%');
    for (let second = 0; second < 20; second += 1) await later(1_000);
    expect(chat.cards()[0]?.edits).toBe(1);
  });

  it('shows for two minutes how jobs ended, but not those that never had their turn', async () => {
    await fleet(23);
    await later(0);
    await changeStored(store, nth(jobs, 1), { state: 'failed' });
    await changeStored(store, nth(jobs, 2), { state: 'denied', nonceNext: null });

    await later(5_000);
    expect(chat.cards()[0]?.message).toMatchObject({ title: '21 jobs at work' });
    expect(chat.cards()[0]?.message.lines.slice(0, 2)).toEqual([
      '❌ restore box-1: failed',
      '⏳ restore box-3: imaging',
    ]);

    await later(2 * 60_000);
    expect(chat.cards()[0]?.message.lines[0]).toBe('⏳ restore box-3: imaging');
  });

  it('stays until 15 are left, and is closed with a last word', async () => {
    await fleet(21);
    await later(0);
    await end(5);
    await later(5_000);
    expect(titles()).toEqual(['16 jobs at work']);

    await end(1);
    await later(5_000);
    expect(titles()).toEqual([CLOSED]);
    await later(10_000);
    expect(chat.cards()).toHaveLength(1);
    expect(chat.cards()[0]?.edits).toBe(2);
  });

  it('survives a restart with one message, and is closed by the next bot', async () => {
    await fleet(21);
    await later(0);
    await end(3);
    restart();
    await later(0);
    expect(titles()).toEqual(['18 jobs at work']);

    await end(3);
    restart();
    await later(0);

    expect(titles()).toEqual([CLOSED]);
    expect(await store.summaries.open()).toEqual([]);
  });

  it('of a bot that was killed right after its post is found again', async () => {
    await fleet(21);
    chat.afterPost = () => {
      throw new Error('killed');
    };
    await later(0);
    chat.afterPost = () => {};
    await end(4);

    restart();
    await later(5_000);
    await later(5_000);

    expect(titles()).toEqual(['17 jobs at work']);
  });

  it('stands in for the progress of the single cards, not for their stages', async () => {
    await fleet(21);
    const job = nth(jobs, 1);
    await changeStored(store, job, {}, [{ kind: 'card' }]);
    await later(0);
    const card = chat.cards().find(({ message }) => message.text.includes('restore box-1:'));

    await later(1_000);
    await hear(store, job, 50);
    await later(1_000);
    expect(card?.edits).toBe(0);
    await changeStored(store, job, { phase: 'publishing' }, [{ kind: 'card' }]);
    await later(0);
    expect(card?.message.text).toBe('restore box-1: publishing the images');

    for (const other of jobs.slice(1, 8)) await changeStored(store, other, { state: 'succeeded' });
    await later(5_000);
    await hear(store, job, 60);
    await later(1_000);
    expect(card?.message.bars[0]?.fraction).toBe(0.6);
  });

  it('is tried again later when the chat is away, and the log hears of it once', async () => {
    await fleet(21);
    const warnings: string[] = [];
    store.log.warn = (_fields: object, message: string) => void warnings.push(message);
    chat.down = true;
    await later(0);
    await later(30_000);
    chat.down = false;
    await later(30_000);

    expect(titles()).toEqual(['21 jobs at work']);
    expect(warnings).toEqual(['a summary card is tried again later']);
  });
});
