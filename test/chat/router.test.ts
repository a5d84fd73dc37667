import { beforeEach, describe, expect, it } from 'vitest';
import type { ChatMessage, Inbound } from '../../src/chat/platform.ts';
import { createRouter } from '../../src/chat/router.ts';
import { JobId } from '../../src/contract/ids.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { person } from '../fakes/people.ts';

let app: TestApp;
let router: Inbound;

beforeEach(async () => {
  app = await createTestApp();
  router = createRouter(app);
});

/** What one person sees privately. */
class Private {
  readonly seen: ChatMessage[] = [];
  readonly replaced: (ChatMessage | null)[] = [];
  readonly answers = {
    answer: async (message: ChatMessage) => void this.seen.push(message),
    replace: async (message: ChatMessage | null) => void this.replaced.push(message),
  };

  text(): string {
    return this.seen.map(({ text, lines }) => [text, ...lines].join('\n')).join('\n');
  }
}

async function say(text: string, who = 'alice', thread: string | null = null): Promise<Private> {
  const seen = new Private();
  await router.command({ person: person(who), text, channel: 'lab', thread, answers: seen.answers });
  return seen;
}

async function press(id: string, value: string, who = 'alice'): Promise<Private> {
  const seen = new Private();
  await router.press({
    person: person(who),
    button: { id, value },
    channel: 'lab',
    input: null,
    answers: seen.answers,
  });
  return seen;
}

async function plan(text: string): Promise<string> {
  const [preview] = (await say(text)).seen;
  return preview?.buttons.find(({ id }) => id === 'confirm')?.value ?? '';
}

describe('words', () => {
  it('give a private preview with Confirm and Cancel, and nothing else happens', async () => {
    const { seen } = await say('backup pluto reason: before the upgrade');

    expect(seen).toHaveLength(1);
    expect(seen[0]?.buttons.map(({ id }) => id)).toEqual(['confirm', 'dismiss']);
    expect(seen[0]?.lines).toContain('reason: before the upgrade');
    expect(await app.store.activeJobs()).toEqual([]);
    expect(app.announcer.cards).toEqual([]);
  });

  it.each([
    ['backup plutp', 'alice', 'Did you mean `pluto`?'],
    ['backup pluto', 'mallory', 'You may not do this'],
    ['list', 'mallory', 'You may not do this'],
    ['bakcup pluto', 'alice', 'Did you mean `backup`?'],
    ['restore pluto', 'alice', 'has no image to restore'],
    ['cancel pluto', 'alice', 'has no job to cancel'],
    ['whoami', 'mallory', 'roles: none'],
    ['whoami', 'alice', 'roles: operator, viewer'],
    ['list', 'alice', 'pluto 10.40.41.42: free'],
    ['status', 'alice', 'No box is busy'],
    ['info pluto', 'alice', 'never seen'],
    ['images pluto', 'alice', 'has no image yet'],
    ['history pluto', 'alice', 'no jobs yet'],
    ['help', 'mallory', 'more need roles'],
    ['help restore', 'alice', 'disks:sda,sdb'],
  ])('%j by %s are answered privately with %j', async (text, who, expected) => {
    expect((await say(text, who)).text()).toContain(expected);
  });

  it('in a thread are about the box of its job', async () => {
    const id = JobId.parse(await plan('backup pluto'));
    await press('confirm', id);
    await app.refs.save(id, 'card', 'message-7');

    expect((await say('status', 'alice', 'message-7')).seen[0]?.title).toContain('backup pluto');
    await say('cancel', 'alice', 'message-7');
    expect((await app.store.job(id))?.state).toBe('cancelled');
  });

  it('that hit a fault are answered with an error id', async () => {
    await app.db.destroy();

    expect((await say('backup pluto')).text()).toMatch(/error [0-9a-f]{8}/);
  });
});

describe('clicks', () => {
  it('on Confirm take the box and remove the preview', async () => {
    const id = await plan('backup pluto');
    const clicked = await press('confirm', id);
    await settle(app);

    expect(clicked.replaced).toEqual([null]);
    expect(app.announcer.cards.at(-1)).toBe('booting');
    expect((await say('backup pluto')).text()).toContain('pluto is busy: backup, asked by Alice');
  });

  it('that come second are told who was first', async () => {
    const id = await plan('backup pluto');
    await press('confirm', id);
    await press('cancel', id);

    expect((await press('confirm', id)).text()).toContain('Too late: Alice cancelled it');
  });

  it('of other people on a preview are refused', async () => {
    const id = await plan('backup pluto');

    expect((await press('confirm', id, 'bob')).text()).toContain('You may not confirm this');
    expect((await app.store.job(JobId.parse(id)))?.state).toBe('planned');
  });

  it('on a next step open a new plan', async () => {
    expect((await press('plan-backup', 'pluto')).seen[0]?.title).toContain('Plan: backup pluto');
  });

  it.each([
    ['frobnicate', '7k3m9q2x', 'not known here'],
    ['approve', 'not-a-job', 'not known here'],
    ['approve', '00000000', 'not known here'],
  ])('on %s %s are answered in plain words', async (id, value, expected) => {
    expect((await press(id, value, 'bob')).text()).toContain(expected);
  });

  it('on Cancel with a half-written disk ask again', async () => {
    const id = JobId.parse(await plan('backup pluto'));
    await press('confirm', id);
    const job = await app.store.job(id);
    if (job === null) throw new Error('no job');
    const audit = {
      at: 0,
      jobId: id,
      testbox: null,
      actor: null,
      event: 'test',
      fromState: null,
      toState: null,
      detail: null,
    };
    await app.store.commit({
      before: job,
      after: { ...job, version: 3, state: 'running', dirty: ['sda'] },
      audit,
      effects: [],
    });

    const { seen } = await press('cancel', id);

    expect(seen[0]?.text).toContain('half written (sda)');
    expect(seen[0]?.buttons.map((button) => button.id)).toEqual(['cancel-anyway']);
  });
});
