import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import type { JobId } from '../../src/contract/ids.ts';
import { type PlanFacts, planDigest } from '../../src/contract/plan.ts';
import type { Question } from '../../src/contract/report.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { restoreJob } from '../fakes/job.ts';
import { person } from '../fakes/people.ts';
import { restorePlan } from '../fakes/plan.ts';

let app: TestApp;
let id: JobId;
let agent: FakeAgent;

function question(facts: PlanFacts): Question {
  return {
    id: planDigest(facts),
    kind: 'disk-replaced',
    text: 'Write to the new disk?',
    before: 'OLD',
    now: 'NEW',
    facts,
  };
}

const NEW_DISK = restorePlan({ onlySlots: ['sda'] });

beforeEach(async () => {
  app = await createTestApp();
  const job = restoreJob({ approvalsNeeded: 1, bootIdBefore: null });
  id = job.id;
  const audit = {
    at: 0,
    jobId: id,
    testbox: null,
    actor: null,
    event: 'requested',
    fromState: null,
    toState: null,
    detail: null,
  };
  await app.store.create(job, audit);
  const booting = { ...job, version: 2, state: 'booting', confirmedDigest: job.digest } as const;
  await app.store.commit({ before: job, after: booting, audit, effects: [{ kind: 'arm' }] });
  await settle(app);
  agent = new FakeAgent(app, id, 1);
  await agent.hello();
});

async function job() {
  const found = await app.store.job(id);
  if (found === null) throw new Error('no job');
  return found;
}

describe('a question of the agent', () => {
  it('holds the job until it is accepted and approved like a plan', async () => {
    const asked = question(NEW_DISK);
    expect(await agent.report({ type: 'held', question: asked })).toMatchObject({
      answer: { directive: { kind: 'continue' } },
    });
    expect((await job()).state).toBe('held');

    // Nothing new to approve before it is accepted.
    expect(await decide(app, person('bob'), id, { kind: 'approve' })).toMatchObject({ kind: 'refused' });
    expect(await decide(app, person('mallory'), id, { kind: 'accept' })).toMatchObject({ kind: 'no-role' });
    await decide(app, person('alice'), id, { kind: 'accept' });
    expect((await job()).state).toBe('held');
    await decide(app, person('bob'), id, { kind: 'approve' });

    expect(await agent.report()).toMatchObject({
      answer: { directive: { kind: 'proceed', question: asked.id, digest: planDigest(NEW_DISK) } },
    });
    await agent.report({ type: 'phase', phase: 'imaging' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'continue' } } });
    expect((await job()).plan).toEqual(NEW_DISK);
  });

  it('is not taken for another one that came since', async () => {
    await agent.report({ type: 'held', question: question(NEW_DISK) });
    await decide(app, person('alice'), id, { kind: 'accept' });
    await agent.hello();
    await agent.report({ type: 'held', question: question(restorePlan({ onlySlots: ['sdb'] })) });

    expect((await job()).state).toBe('held');
    expect(await decide(app, person('bob'), id, { kind: 'approve' })).toMatchObject({ kind: 'refused' });
  });

  it('times out into stopped, never onto the local disk', async () => {
    await agent.report({ type: 'held', question: question(NEW_DISK) });
    for (const half of [1, 2]) {
      app.clock.advance(half * 2 * 3_600_000);
      await settle(app);
    }

    expect((await job()).state).toBe('stopped');
    expect(app.share.bootConfigs.size).toBe(1);
  });
});

describe('a half-written disk', () => {
  it('keeps its boot config through a cancel and a boot in between', async () => {
    await agent.report({ type: 'dirty', slot: 'sda' });
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: true });
    expect((await job()).state).toBe('cancelling');

    const rebooted = new FakeAgent(app, id, 2);
    expect(await rebooted.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'stay' } });
    await settle(app);

    expect((await job()).state).toBe('stopped');
    expect(app.share.bootConfigs.size).toBe(1);

    await decide(app, person('alice'), id, { kind: 'retry' });
    expect((await rebooted.hello()).kind).toBe('accepted');
  });

  it('goes to its local disk by a person only', async () => {
    await agent.report({ type: 'dirty', slot: 'sda' });
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: true });
    await agent.report({ type: 'stopped' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'stay' } } });

    await decide(app, person('alice'), id, { kind: 'boot-local' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'reboot-local' } } });
    app.machines.bootOwnDisk();
    await settle(app);
    expect(await job()).toMatchObject({ state: 'cancelled', dirty: ['sda'] });
  });
});
