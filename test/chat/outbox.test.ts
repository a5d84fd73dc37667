import { beforeEach, describe, expect, it } from 'vitest';
import { AnnounceError } from '../../src/app/chat-ports.ts';
import type { JobView } from '../../src/app/job-view.ts';
import { Outbox } from '../../src/chat/outbox.ts';
import { ChannelRefusedError, ChatUnavailableError } from '../../src/chat/platform.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Notice } from '../../src/domain/notices.ts';
import { createTestApp, type TestApp } from '../fakes/app.ts';
import { FakeChat } from '../fakes/chat.ts';
import { NOW, restoreJob } from '../fakes/job.ts';
import { stored } from '../fakes/people.ts';

const REBOOTING = 'restore pluto: rebooting the box';
const NOT_IN_CHANNEL = 'The bot is not in #lab: type /invite @Testbox there.';

let app: TestApp;
let chat: FakeChat;
let outbox: Outbox;
let errors: string[];
/** The job as it is now, for whoever looks. */
let job: Job;

const look = async (): Promise<JobView> => ({
  job,
  testbox: null,
  hearing: null,
  queuePlace: null,
  approvers: [{ platform: 'console', user: 'bob' }],
  now: NOW,
});

function restarted(): Outbox {
  const log = {
    info() {},
    warn() {},
    error: (_fields: object, message: string) => void errors.push(message),
  };
  return new Outbox({ platforms: [chat], refs: app.refs, summaries: app.summaries, log });
}

beforeEach(async () => {
  app = await createTestApp();
  chat = new FakeChat();
  errors = [];
  outbox = restarted();
  job = restoreJob({ state: 'awaiting-approval' });
});

const tell = (notice: Notice, key = 'n1') => outbox.tell(job, { look, notice, key });
const cardText = () => chat.cards()[0]?.message.text;

describe('a card', () => {
  it('is posted with what is so when its turn has come', async () => {
    chat.holding = true;
    const shown = outbox.showCard(job, look);
    await expect.poll(() => chat.waiting()).toEqual(['post lab people']);

    job = { ...job, state: 'rebooting' };
    chat.grant('post');
    await shown;

    expect(chat.cards().map(({ message, edits }) => [message.text, edits])).toEqual([
      ['restore pluto: rebooting the box', 0],
    ]);
  });

  it('waits no longer among stages once somebody is called to it', async () => {
    job = { ...job, state: 'rebooting' };
    await outbox.showCard(job, look);
    chat.holding = true;
    const shown = outbox.showCard({ ...job, state: 'booting' }, look);
    await expect.poll(() => chat.waiting()).toEqual(['edit lab stage']);

    job = { ...job, state: 'needs-hands' };
    const told = tell({ about: 'needs-hands', why: 'it does not boot' });
    await expect
      .poll(() => chat.waiting())
      .toEqual(expect.arrayContaining(['edit lab people', 'post lab people']));
    chat.grant('post');
    chat.grant('edit', 'people');
    await Promise.all([shown, told]);

    expect(cardText()).toBe('restore pluto: needs somebody at the box');
    expect(chat.waiting()).toEqual(['edit lab stage']);
  });

  it('is edited to what is so when its turn has come', async () => {
    await outbox.showCard(job, look);
    chat.holding = true;
    job = { ...job, state: 'rebooting' };
    const shown = outbox.showCard(job, look);
    await expect.poll(() => chat.waiting()).toEqual(['edit lab stage']);

    job = { ...job, state: 'booting' };
    chat.grant('edit');
    await shown;

    expect(cardText()).toBe('restore pluto: booting the maintenance system');
    expect(chat.cards()[0]?.edits).toBe(1);
  });

  it('that card and notice need at once is posted once', async () => {
    chat.holding = true;
    const told = tell({ about: 'rebooting' });
    const shown = outbox.showCard(job, look);
    await expect.poll(() => chat.waiting()).toEqual(['post lab people']);
    job = { ...job, state: 'rebooting' };
    chat.holding = false;
    chat.grant('post');
    await Promise.all([told, shown]);

    expect(chat.cards().map(({ message, edits }) => [message.text, edits])).toEqual([[REBOOTING, 0]]);
    expect(chat.thread()).toEqual(['Rebooting pluto into the maintenance system.']);
  });

  it('that a notice posts while something new happens shows that too', async () => {
    const post = chat.post.bind(chat);
    let shown: Promise<void> | null = null;
    chat.post = (to, message) => {
      // What is being posted was read before this.
      job = { ...job, state: 'rebooting' };
      shown = outbox.showCard(job, look);
      return post(to, message);
    };
    await tell({ about: 'rebooting' });
    await shown;

    expect(chat.cards().map(({ message, edits }) => [message.text, edits])).toEqual([[REBOOTING, 1]]);
  });

  it('that a killed bot posted is found again, and brought up to date', async () => {
    chat.afterPost = () => {
      throw new Error('killed');
    };
    await expect(outbox.showCard(job, look)).rejects.toThrow('killed');
    chat.afterPost = () => {};
    job = { ...job, state: 'queued' };

    outbox = restarted();
    await outbox.showCard(job, look);

    expect(chat.cards()).toHaveLength(1);
    expect(cardText()).toBe('restore pluto: queued');
  });

  it('that somebody deleted is posted anew, as things stand now', async () => {
    await outbox.showCard(job, look);
    chat.messages.length = 0;
    job = { ...job, state: 'rebooting' };

    await outbox.showCard(job, look);
    await outbox.showCard(job, look);

    expect(chat.cards().map(({ message }) => message.text)).toEqual([REBOOTING]);
  });

  it('that somebody deleted is posted anew for its thread, even by the next bot', async () => {
    await outbox.showCard(job, look);
    chat.messages.length = 0;
    chat.afterPost = () => {
      throw new Error('killed');
    };
    await expect(tell({ about: 'rebooting' })).rejects.toThrow('killed');
    chat.afterPost = () => {};

    outbox = restarted();
    await tell({ about: 'rebooting' });

    expect(chat.cards()).toHaveLength(1);
    expect(chat.messages.filter(({ thread }) => thread === chat.cards()[0]?.ref)).toHaveLength(1);
  });

  it('waits for a platform that is not connected', async () => {
    job = { ...job, origin: { platform: 'discord', channel: '1' } };

    await expect(outbox.showCard(job, look)).rejects.toThrow(AnnounceError);
    expect(outbox.progressTurn(job)).toBe(false);
    expect(outbox.progressIntervalMs(job)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is tried again when the chat was away, or stopped while its turn waited', async () => {
    chat.holding = true;
    const shown = outbox.showCard(job, look);
    await expect.poll(() => chat.waiting()).toHaveLength(1);

    await Promise.all([expect(shown).rejects.toThrow(AnnounceError), chat.stop()]);
    await expect(outbox.showCard(job, look)).rejects.toThrow('the chat is away');
  });
});

describe('progress', () => {
  it('is shown on the posted card, in the turn that was taken', async () => {
    await outbox.showProgress(await look());
    expect(chat.messages).toEqual([]);
    await outbox.showCard(job, look);
    job = { ...job, state: 'running' };

    expect(outbox.progressTurn(job)).toBe(true);
    await outbox.showProgress(await look());

    expect(chat.asked).toHaveLength(1);
    expect(cardText()).toBe('restore pluto: the maintenance system is up');
  });
});

describe('how soon something goes out', () => {
  it.each([
    ['awaiting-approval', 'people'],
    ['held', 'people'],
    ['stopped', 'people'],
    ['needs-hands', 'people'],
    ['failed', 'people'],
    ['cancelled', 'people'],
    ['denied', 'people'],
    ['cancelling', 'people'],
    ['in-rescue', 'people'],
    ['succeeded', 'people'],
    ['queued', 'stage'],
    ['running', 'stage'],
    ['returning', 'stage'],
  ] as const)('of a card of a job that is %s is by urgency %s', async (state, urgency) => {
    await outbox.showCard(job, look);
    job = { ...job, state };
    await outbox.showCard(job, look);

    expect(chat.asked.at(-1)).toEqual({ kind: 'edit', channel: 'lab', urgency });
  });

  it.each([
    [{ about: 'rebooting' }, 'stage'],
    [{ about: 'approved', by: stored('bob') }, 'stage'],
    [{ about: 'approval-needed' }, 'people'],
    [{ about: 'succeeded' }, 'people'],
    [{ about: 'needs-hands', why: 'no answer' }, 'people'],
  ] as const)('of the notice %j is by urgency %s', async (notice, urgency) => {
    await outbox.showCard(job, look);

    await tell(notice);

    expect(chat.asked.at(-1)).toEqual({ kind: 'post', channel: 'lab', urgency });
  });
});

describe('a channel that takes no posts', () => {
  beforeEach(() => {
    chat.refusing.set('lab', NOT_IN_CHANNEL);
  });

  const refused = () => outbox.showCard(job, look).catch((error: unknown) => error);

  it('is tried again every minute, and the requester is told once, restarts included', async () => {
    expect(await refused()).toMatchObject({ message: NOT_IN_CHANNEL, retryAfterMs: 60_000 });
    await refused();
    outbox = restarted();
    expect(await refused()).toBeInstanceOf(AnnounceError);

    expect(chat.told.map(({ user, message }) => [user, message.text])).toEqual([
      ['alice', `restore pluto can not be shown in its channel: ${NOT_IN_CHANNEL}`],
    ]);
  });

  it('is told of with the next try when the person could not be reached', async () => {
    chat.tellFails = new ChatUnavailableError('no answer');
    await refused();
    chat.tellFails = null;

    await refused();

    expect(chat.told).toHaveLength(1);
  });

  it('stands in the log once when its requester takes no messages either', async () => {
    chat.tellFails = new ChannelRefusedError('alice takes no messages');
    await refused();
    await refused();

    expect(errors).toEqual(['the requester can not be told that a channel refuses the bot']);
  });

  it('shows the card and its thread once it takes posts', async () => {
    await refused();
    chat.refusing.clear();

    await tell({ about: 'rebooting' });
    await outbox.showCard(job, look);

    expect(chat.cards()).toHaveLength(1);
    expect(chat.thread()).toEqual(['Rebooting pluto into the maintenance system.']);
  });
});
