import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/domain/job.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { NOW } from '../fakes/job.ts';
import { stored } from '../fakes/people.ts';

let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
});

describe('an objection', () => {
  const CASES: readonly [string, string, string, Partial<Job>][] = [
    ['deny', 'mallory', 'needs the role `approver`', { state: 'awaiting-approval' }],
    ['deny', 'alice', 'needs the role `approver`', { state: 'awaiting-approval' }],
    ['confirm', 'bob', 'You may not confirm this: Alice asked', { state: 'planned' }],
    [
      'approve',
      'bob',
      'You may not approve your own job',
      { state: 'awaiting-approval', requester: stored('bob') },
    ],
    [
      'deny',
      'carol',
      'Too late: Bob denied it at 2026-11-22 17:00 UTC',
      { state: 'denied', stateSince: NOW, denial: { by: stored('bob'), at: NOW, reason: null } },
    ],
    ['deny', 'bob', 'Too late: Alice cancelled it', { state: 'cancelled', cancelledBy: stored('alice') }],
    ['cancel', 'alice', 'A disk of pluto is half written (sda)', { state: 'running', dirty: ['sda'] }],
    ['retry', 'alice', 'Not possible: the job is running', { state: 'running' }],
  ];

  it.each(CASES)('to %s by %s says %j, and the click says the same', async (button, who, says, changes) => {
    const job = await lab.put(changes);
    const { id } = job;
    const audits = await lab.app.store.audits({ jobId: id });

    const objection = await lab.objection(button, lab.agreeingTo(job), { who });

    expect(objection?.text).toContain(says);
    expect(await lab.app.store.job(id)).toMatchObject({ version: 1, ...changes });
    expect(await lab.app.store.audits({ jobId: id })).toEqual(audits);
    expect((await lab.press(button, lab.agreeingTo(job), { who })).seen).toEqual([objection]);
  });

  it('to a button whose job is not known says so', async () => {
    expect((await lab.objection('deny', '00000000', { who: 'bob' }))?.text).toContain('not known here');
    expect((await lab.objection('deny', 'not-a-job', { who: 'bob' }))?.text).toContain('not known here');
  });

  it.each([
    ['deny', 'bob', { state: 'awaiting-approval' }],
    ['approve', 'bob', { state: 'awaiting-approval' }],
    ['cancel', 'alice', { state: 'running' }],
    ['confirm', 'alice', { state: 'planned' }],
    ['boot-local', 'alice', { state: 'stopped', dirty: ['sda'] }],
  ] as const)('to %s by %s is none while it can have its effect', async (button, who, changes) => {
    const job = await lab.put({ ...changes, dirty: 'dirty' in changes ? [...changes.dirty] : [] });

    expect(await lab.objection(button, lab.agreeingTo(job), { who })).toBeNull();
    expect(await lab.app.store.job(job.id)).toMatchObject({ version: 1, state: changes.state });
  });

  it.each(['plan-backup', 'open-form', 'frobnicate'])("to %s is none: it is no job's button", async (id) => {
    expect(await lab.objection(id, 'pluto', { who: 'mallory' })).toBeNull();
  });

  it('that can not be found out is an error with an id', async () => {
    await lab.app.db.destroy();

    expect((await lab.objection('deny', '7k3m9q2x', { who: 'bob' }))?.text).toMatch(/error [0-9a-f]{8}/);
  });
});
