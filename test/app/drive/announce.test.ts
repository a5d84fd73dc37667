import { beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app/app.ts';
import type { Driver } from '../../../src/app/drive/driver.ts';
import type { Effect } from '../../../src/domain/effects.ts';
import type { Job } from '../../../src/domain/job.ts';
import { settle, type TestApp } from '../../fakes/app.ts';
import { botOn } from '../../fakes/app-with-chat.ts';
import { FakeChat } from '../../fakes/chat.ts';
import { changeStored, nth, runningFleet } from '../../fakes/fleet.ts';

let store: TestApp;
let app: App;
let driver: Driver;
let chat: FakeChat;
let job: Job;
let warnings: string[];

beforeEach(async () => {
  chat = new FakeChat();
  const fleet = await runningFleet(1);
  warnings = [];
  const log = {
    info() {},
    error() {},
    warn: (_fields: object, message: string) => void warnings.push(message),
  };
  store = { ...fleet.app, log };
  job = nth(fleet.jobs, 1);
  ({ app, driver } = botOn(store, chat));
});

const owe = (changes: Partial<Job>, effects: readonly Effect[]) => changeStored(store, job, changes, effects);
const CARD = { kind: 'card' } as const;
const QUIET = { kind: 'notice', notice: { about: 'rebooting' } } as const;
const LOUD = { kind: 'notice', notice: { about: 'succeeded' } } as const;

async function posted(): Promise<void> {
  await owe({ state: 'rebooting' }, [CARD]);
  await settle(app, driver);
}

async function owed(): Promise<string[]> {
  return (await app.store.owedEffects()).map(({ effect }) => effect.kind);
}

const card = () => chat.cards()[0];

describe('a card that waits for its turn', () => {
  it('shows the newest state in one edit, which pays for all that was owed by then', async () => {
    await posted();
    chat.holding = true;
    await owe({ state: 'running' }, [CARD]);
    await driver.pass();
    await expect.poll(() => chat.waiting()).toEqual(['edit lab stage']);

    await owe({ state: 'held' }, [CARD]);
    await owe({ state: 'succeeded' }, [CARD]);
    chat.grant('edit');
    await driver.settled();

    expect(card()?.message.text).toBe('restore box-1: done, the box is back');
    expect(card()?.edits).toBe(1);
    expect(await owed()).toEqual([]);
  });

  it('does not delay the thread', async () => {
    await posted();
    chat.holding = true;
    await owe({}, [CARD, QUIET]);
    await driver.pass();
    await expect.poll(() => chat.waiting().toSorted()).toEqual(['edit lab stage', 'post lab stage']);

    chat.grant('post');
    await expect.poll(owed).toEqual(['card']);

    expect(chat.thread()).toEqual(['Rebooting box-1 into the maintenance system.']);
    chat.grant('edit');
    await driver.settled();
  });
});

describe('a notice that waits for its turn', () => {
  it('does not delay the card, and keeps the order of the thread', async () => {
    await posted();
    chat.holding = true;
    await owe({ state: 'succeeded' }, [QUIET, LOUD, CARD]);
    await driver.pass();
    await expect.poll(() => chat.waiting().toSorted()).toEqual(['edit lab people', 'post lab stage']);

    chat.grant('edit');
    await expect.poll(owed).toEqual(['notice', 'notice']);
    expect(card()?.message.text).toBe('restore box-1: done, the box is back');

    chat.holding = false;
    chat.grant('post');
    await driver.settled();
    await settle(app, driver);
    expect(chat.thread().map((text) => text.split(' ')[0])).toEqual(['Rebooting', 'box-1']);
  });
});

describe('a bot that is stopped while turns wait', () => {
  it('stops, and the next one says what is still owed', async () => {
    await posted();
    chat.holding = true;
    driver.start();
    await owe({ state: 'succeeded' }, [CARD, QUIET]);
    driver.wake();
    await expect.poll(() => chat.waiting()).toHaveLength(2);

    await chat.stop();
    await driver.stop();
    expect(await owed()).toEqual(['card', 'notice']);

    chat.down = false;
    chat.holding = false;
    store.clock.advance(60_000);
    const next = botOn(store, chat);
    await settle(next.app, next.driver);
    expect(card()?.message.text).toBe('restore box-1: done, the box is back');
    expect(chat.thread()).toHaveLength(1);
  });
});

describe('a chat that is away', () => {
  it('is written to the log once for each thing that waits', async () => {
    chat.down = true;
    await owe({ state: 'rebooting' }, [CARD, QUIET]);
    for (let minute = 0; minute < 5; minute += 1) {
      await settle(app, driver);
      store.clock.advance(60_000);
    }

    expect(warnings).toEqual(Array(2).fill('an effect is tried again later'));
    chat.down = false;
    await settle(app, driver);
    expect(await owed()).toEqual([]);
    expect(warnings).toHaveLength(2);
  });
});

describe('a channel that takes no posts', () => {
  it('is told of once and tried every minute; the job goes on, and the thread catches up', async () => {
    chat.refusing.set('lab', 'The bot is not in #lab: type /invite @Testbox there.');
    await owe({ state: 'rebooting' }, [CARD, QUIET]);
    await settle(app, driver);
    const asked = chat.asked.length;
    store.clock.advance(59_000);
    await settle(app, driver);
    expect(chat.asked).toHaveLength(asked);

    await owe({ state: 'succeeded' }, [LOUD, CARD]);
    store.clock.advance(1_000);
    await settle(app, driver);
    expect(chat.messages).toEqual([]);
    expect(chat.told.map(({ user }) => user)).toEqual(['alice']);

    chat.refusing.clear();
    store.clock.advance(60_000);
    await settle(app, driver);
    expect(card()?.message.text).toBe('restore box-1: done, the box is back');
    expect(chat.thread()).toHaveLength(2);
    expect(chat.told).toHaveLength(1);
  });
});
