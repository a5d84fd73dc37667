import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import type { Action } from '../../src/contract/action.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { ReportBody } from '../../src/contract/report.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { EMPTY_CATALOG } from '../fakes/share.ts';
import { startJob } from '../fakes/start-job.ts';

let app: TestApp;
const failed: ReportBody = {
  type: 'failed',
  class: 'box',
  code: 'disk-write-failed',
  message: 'EIO',
  logTail: [],
};

beforeEach(async () => {
  app = await createTestApp();
});

async function running(action: Action): Promise<{ id: JobId; agent: FakeAgent }> {
  const id = await startJob(app, action);
  const agent = new FakeAgent(app, id, 1);
  await agent.hello();
  return { id, agent };
}

async function stateOf(id: JobId) {
  return (await app.store.job(id))?.state;
}

describe('a rescue', () => {
  it('keeps the box in the maintenance system until it is released', async () => {
    const { id, agent } = await running('rescue');

    const stay = await agent.report({ type: 'done', generation: null, disks: [], durationMs: 1 });
    expect(stay).toMatchObject({ answer: { directive: { kind: 'stay' } } });
    expect(await stateOf(id)).toBe('in-rescue');
    expect(app.share.bootConfigs.size).toBe(1);

    app.clock.advance(9 * 3_600_000);
    await settle(app);
    expect(app.announcer.notices).toEqual(['rebooting', 'imaging-started', 'in-rescue', 'reminder']);

    await decide(app, person('alice'), id, { kind: 'release' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'reboot-local' } } });
    app.machines.bootOwnDisk();
    await settle(app);
    expect(await stateOf(id)).toBe('succeeded');
  });

  it('goes on when the agent starts anew, which is sent home once the box is released', async () => {
    const { id, agent } = await running('rescue');
    await agent.report({ type: 'done', generation: null, disks: [], durationMs: 1 });

    expect(await agent.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'stay' } });
    expect(await stateOf(id)).toBe('in-rescue');

    await decide(app, person('alice'), id, { kind: 'release' });
    expect(await agent.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'reboot-local' } });
    app.machines.bootOwnDisk();
    await settle(app);
    expect(await stateOf(id)).toBe('succeeded');
  });

  it('can follow a failure, and is not released with a half-written disk', async () => {
    const { id, agent } = await running('backup');
    await agent.report({ type: 'dirty', slot: 'sda' }, failed);
    await decide(app, person('alice'), id, { kind: 'rescue' });
    expect(await stateOf(id)).toBe('in-rescue');

    expect(await decide(app, person('alice'), id, { kind: 'release' })).toMatchObject({
      kind: 'refused',
      why: 'dirty',
    });
    await decide(app, person('alice'), id, { kind: 'boot-local' });
    expect(await stateOf(id)).toBe('returning');
  });
});

describe('a rescue that followed a failure', () => {
  it('goes back to the work of its job with Retry', async () => {
    const { id, agent } = await running('backup');
    await agent.report({ type: 'dirty', slot: 'sda' }, failed);
    await decide(app, person('alice'), id, { kind: 'rescue' });

    await decide(app, person('alice'), id, { kind: 'retry' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'continue' } } });
    expect((await agent.hello()).kind).toBe('accepted');
    expect(await stateOf(id)).toBe('running');
  });

  it('is not offered where a rescue was all that was asked for', async () => {
    const { id, agent } = await running('rescue');
    await agent.report({ type: 'done', generation: null, disks: [], durationMs: 1 });

    expect(await decide(app, person('alice'), id, { kind: 'retry' })).toMatchObject({ kind: 'refused' });
  });
});

describe('a stopped job', () => {
  it('goes on with Retry: the agent that stands there says hello again', async () => {
    const { id, agent } = await running('backup');
    expect(await agent.report(failed)).toMatchObject({ answer: { directive: { kind: 'stay' } } });

    await decide(app, person('alice'), id, { kind: 'retry' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'continue' } } });
    expect(await agent.hello()).toMatchObject({ kind: 'accepted', answer: { attempt: 1 } });
    expect(await stateOf(id)).toBe('running');
  });

  it('ends as failed after Boot local disk, once the box is back', async () => {
    const { id, agent } = await running('backup');
    await agent.report(failed);
    await decide(app, person('alice'), id, { kind: 'boot-local' });
    expect(await agent.report()).toMatchObject({ answer: { directive: { kind: 'reboot-local' } } });
    app.machines.bootOwnDisk();
    await settle(app);

    expect(await stateOf(id)).toBe('failed');
  });
});

describe('a generation that was published', () => {
  it('lets older ones go once the job has succeeded', async () => {
    const { agent } = await running('backup');
    await agent.report({ type: 'done', generation: 3, disks: [], durationMs: 1 });
    app.share.catalogs.set(PLUTO, { ...EMPTY_CATALOG, current: 3 });
    expect(app.share.proved).toEqual([]);
    app.machines.bootOwnDisk();
    await settle(app);

    expect(app.share.proved).toEqual([3]);
  });
});
