import { beforeEach, describe, expect, it } from 'vitest';
import { JobId } from '../../src/contract/ids.ts';
import { settle, type TestApp } from '../fakes/app.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { restoreJob } from '../fakes/job.ts';

const QUESTION = {
  kind: 'disk-replaced' as const,
  text: 'Is the new disk meant?',
  before: 'OLD 1',
  now: 'NEW 2',
  facts: restoreJob().plan,
};

let app: TestApp;
let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
  app = lab.app;
});

describe('words', () => {
  it('give a private preview with Confirm and Cancel, and nothing else happens', async () => {
    const { seen } = await lab.say('backup pluto reason: before the upgrade');

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
    expect((await lab.say(text, { who })).text()).toContain(expected);
  });

  it('that hit a fault are answered with an error id', async () => {
    await app.db.destroy();

    expect((await lab.say('backup pluto')).text()).toMatch(/error [0-9a-f]{8}/);
  });
});

describe('clicks', () => {
  it('on Confirm take the box and remove the preview', async () => {
    const id = await lab.plan('backup pluto');
    const clicked = await lab.press('confirm', id);
    await settle(app);

    expect(clicked.replaced).toEqual([null]);
    expect(app.announcer.cards.at(-1)).toBe('booting');
    expect((await lab.say('backup pluto')).text()).toContain('pluto is busy: backup, asked by Alice');
  });

  it('that come second are told who was first', async () => {
    const id = await lab.plan('backup pluto');
    await lab.press('confirm', id);
    await lab.press('cancel', id);

    expect((await lab.press('confirm', id)).text()).toContain('Too late: Alice cancelled it');
  });

  it('of other people on a preview are refused', async () => {
    const id = await lab.plan('backup pluto');

    expect((await lab.press('confirm', id, { who: 'bob' })).text()).toContain('You may not confirm this');
    expect((await app.store.job(JobId.parse(id.split(':')[0])))?.state).toBe('planned');
  });

  it('approve the plan that was shown, and no other', async () => {
    const { id } = await lab.put({ state: 'awaiting-approval', confirmedDigest: 'f'.repeat(64) });

    const blind = await lab.press('approve', id, { who: 'bob' });
    const stale = await lab.press('approve', `${id}:${'0'.repeat(12)}`, { who: 'bob' });

    expect(blind.text()).toContain('not known here');
    expect(stale.text()).toContain('The plan has changed since');
    expect((await app.store.job(id))?.approvals).toEqual([]);
  });

  it('accept the question that was shown, and no other', async () => {
    const shown = 'a'.repeat(64);
    const { id } = await lab.put({ state: 'held', question: { ...QUESTION, id: 'b'.repeat(64) } });

    const { seen } = await lab.press('accept', `${id}:${shown.slice(0, 12)}`);

    expect(seen[0]?.text).toContain('no longer asks this');
    expect((await app.store.job(id))?.accepted).toEqual([]);
  });

  it('on a next step open a new plan', async () => {
    expect((await lab.press('plan-backup', 'pluto')).seen[0]?.title).toContain('Plan: backup pluto');
  });

  it.each([
    ['frobnicate', '7k3m9q2x', 'not known here'],
    ['approve', 'not-a-job', 'not known here'],
    ['approve', '00000000', 'not known here'],
    ['approve', '00000000:b830448a57fe', 'not known here'],
  ])('on %s %s are answered in plain words', async (id, value, expected) => {
    expect((await lab.press(id, value, { who: 'bob' })).text()).toContain(expected);
  });

  it('on Cancel with a half-written disk ask again', async () => {
    const { id } = await lab.put({ state: 'running', dirty: ['sda'] });

    const { seen } = await lab.press('cancel', id);

    expect(seen[0]?.text).toContain('half written (sda)');
    expect(seen[0]?.buttons.map((button) => button.id)).toEqual(['cancel-anyway']);
  });

  it('on what a half-written disk forbids do not offer to cancel', async () => {
    const { id } = await lab.put({ state: 'in-rescue', dirty: ['sda'] });

    const { seen } = await lab.press('release', id);

    expect(seen[0]).toMatchObject({
      text: 'A disk of pluto is half written (sda). Only "Boot local disk anyway" on the card boots it like that.',
      buttons: [],
    });
  });
});
