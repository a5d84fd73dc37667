import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import type { Decision } from '../../src/app/decision.ts';
import { objectionTo } from '../../src/app/objection.ts';
import { JobId } from '../../src/contract/ids.ts';
import { JOB_STATES, type Job } from '../../src/domain/job.ts';
import { createTestApp, type TestApp } from '../fakes/app.ts';
import { NOW, restoreJob } from '../fakes/job.ts';
import { person, stored } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';

const DECISIONS: readonly Decision[] = [
  { kind: 'confirm' },
  { kind: 'dismiss' },
  { kind: 'approve' },
  { kind: 'deny', reason: null },
  { kind: 'cancel', despiteDirty: false },
  { kind: 'cancel', despiteDirty: true },
  { kind: 'retry' },
  { kind: 'rescue' },
  { kind: 'release' },
  { kind: 'power-cycle' },
  { kind: 'boot-local' },
  { kind: 'accept' },
];

const AUDIT = {
  at: 0,
  jobId: null,
  testbox: null,
  actor: null,
  event: 'test',
  fromState: null,
  toState: null,
};

let app: TestApp;

beforeEach(async () => {
  app = await createTestApp();
});

async function put(changes: Partial<Job>): Promise<Job> {
  const job = restoreJob(changes);
  await app.store.create(job, { ...AUDIT, detail: null });
  return job;
}

describe('an objection', () => {
  it.each(JOB_STATES)('to a decision on a job that is %s is what the decision meets', async (state) => {
    for (const [index, decision] of DECISIONS.entries()) {
      for (const [place, who] of ['alice', 'bob', 'mallory'].entries()) {
        app = await createTestApp();
        const job = await put({ id: JobId.parse(`${index + 10}00000${place}`), state });

        const objection = await objectionTo(app, person(who), { job: job.id, decision });

        expect(await app.store.job(job.id)).toEqual(job);
        expect(await app.store.audits({ jobId: job.id })).toEqual([]);
        const decided = await decide(app, person(who), job.id, decision);
        // That the plan has changed, or can't be made now, is found at the click only.
        if (objection === null) expect(decided.kind).toMatch(/^(done|plan-changed|cannot-work)$/);
        else expect(decided).toEqual(objection);
        await app.db.destroy();
      }
    }
  });

  it('names the job that has taken the box since', async () => {
    const plan = await put({ state: 'planned' });
    const holder = await put({ id: JobId.parse('22222222'), state: 'running' });

    expect(await objectionTo(app, person('alice'), { job: plan.id, decision: { kind: 'confirm' } })).toEqual({
      kind: 'busy',
      holder,
      job: plan,
    });
  });

  it("names another person's lock", async () => {
    const plan = await put({ state: 'planned' });
    await app.store.setLock(PLUTO, { by: stored('carol'), at: NOW, reason: null });

    expect(
      await objectionTo(app, person('alice'), { job: plan.id, decision: { kind: 'confirm' } }),
    ).toMatchObject({ kind: 'locked', lock: { by: { key: 'carol' } } });
  });

  it('to doing again what one has done is that it is too late, though the click passes', async () => {
    const denied = { by: stored('bob'), at: NOW, reason: null };
    const job = await put({ state: 'denied', denial: denied });
    const deny = { kind: 'deny', reason: null } as const;

    expect(await objectionTo(app, person('bob'), { job: job.id, decision: deny })).toMatchObject({
      kind: 'refused',
      why: 'not-in-this-state',
    });
    expect((await decide(app, person('bob'), job.id, deny)).kind).toBe('done');
  });
});

describe('a refused decision', () => {
  it('makes no plan, and leaves its audit row', async () => {
    const job = await put({ state: 'awaiting-approval', requester: stored('bob') });

    expect(await decide(app, person('bob'), job.id, { kind: 'approve' })).toMatchObject({ why: 'requester' });
    expect(await app.store.job(job.id)).toEqual(job);
    expect(await app.store.audits({ jobId: job.id })).toMatchObject([
      { event: 'decision-refused', detail: { decision: 'approve', why: 'requester' } },
    ]);
  });

  it('because the box is busy is audited too', async () => {
    const plan = await put({ state: 'planned' });
    await put({ id: JobId.parse('22222222'), state: 'running' });

    expect((await decide(app, person('alice'), plan.id, { kind: 'confirm' })).kind).toBe('busy');
    expect(await app.store.audits({ jobId: plan.id })).toMatchObject([{ detail: { why: 'busy' } }]);
  });
});
