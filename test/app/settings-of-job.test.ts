import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import { rateOfJob } from '../../src/app/rate.ts';
import { verifyImages } from '../../src/app/verify-images.ts';
import type { Action } from '../../src/contract/action.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import { JobId } from '../../src/contract/ids.ts';
import type { HelloAccepted } from '../../src/contract/report.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { catalogOf, generation } from '../fakes/catalog.ts';
import { restoreJob } from '../fakes/job.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { planJob, startJob } from '../fakes/start-job.ts';

let app: TestApp;

beforeEach(async () => {
  app = await createTestApp();
});

describe('whether an agent reads an image through', () => {
  beforeEach(() => {
    app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2)]));
  });

  it('is left to it when the bot could not', async () => {
    app.share.verifyImage = () => Promise.reject(new Error('not now'));

    expect((await greeted('restore')).settings.readThrough).toBe(true);
  });

  it('is not asked for when the bot did while people decided', async () => {
    expect((await greeted('restore')).settings).toMatchObject({ readThrough: false, discard: false });
    expect(app.share.verified).toEqual([{ generation: 2, slot: 'sda' }]);
  });

  it('is asked for again when the proof is older than it may be', async () => {
    app.settings.verifyMaxAgeMs = 1_000;
    await verifyImages(app, { address: PLUTO, generations: [2] });
    app.clock.advance(1_001);
    app.share.verifyImage = () => Promise.reject(new Error('not now'));

    expect((await greeted('restore')).settings.readThrough).toBe(true);
  });

  it('makes a damaged one be refused at the click', async () => {
    app.share.damaged.set(2, 'it is damaged');
    const id = await startJob(app, 'restore');
    await proved();

    expect(await decide(app, person('bob'), id, { kind: 'approve' })).toMatchObject({
      kind: 'cannot-work',
      why: { code: 'image-incomplete', problem: 'it is damaged' },
    });
  });

  it('is read once a job', async () => {
    const id = await planJob(app, 'restore');
    await decide(app, person('alice'), id, { kind: 'confirm' });
    const driver = new Driver(app);
    app.share.down = true;
    await settle(app, driver);
    await proved();
    app.share.down = false;
    await settle(app, driver);
    await proved();

    expect(app.share.verified).toEqual([]);
  });
});

describe('how fast an agent may image', () => {
  it('is not limited by default', async () => {
    expect((await greeted('backup')).settings).not.toHaveProperty('maxBytesPerSecond');
  });

  it("is the job's cap, or its part of the share's, and changes while it runs", async () => {
    app.settings.maxRate = 80e6;
    app.settings.maxShareRate = 100e6;
    const id = await startJob(app, 'backup');
    const agent = new FakeAgent(app, id, 1);
    await agent.hello();
    expect(agent.accepted?.settings.maxBytesPerSecond).toBe(80e6);

    app.settings.maxShareRate = 60e6;
    expect(await agent.report()).toMatchObject({ answer: { maxBytesPerSecond: 60e6 } });
  });
});

describe("a job's part of what the share can carry", () => {
  it.each([
    ['the one that asks, alone', [], 60e6],
    [
      'others that image',
      [
        ['backup-again', 'running'],
        ['restore', 'held'],
      ],
      20e6,
    ],
    ['an agent that is silent and may go on', [['restore', 'needs-hands']], 30e6],
    [
      'boxes that boot',
      [
        ['backup-again', 'booting'],
        ['restore', 'returning'],
      ],
      60e6,
    ],
    ['a rescue of days', [['rescue', 'in-rescue']], 60e6],
    ['a look at the hardware', [['refresh-info', 'running']], 60e6],
    [
      'those that wait',
      [
        ['restore', 'queued'],
        ['restore', 'stopped'],
      ],
      60e6,
    ],
  ] as const)('is shared with %s', async (_who, others, rate) => {
    app.settings.maxShareRate = 60e6;
    for (const [index, [action, state]] of [['backup', 'running'] as const, ...others].entries()) {
      const address = TestboxAddress.parse(`10.40.42.${index + 1}`);
      const job = restoreJob({ id: JobId.parse(`0000000${index}`), action, testbox: { name: 'x', address } });
      const audit = { at: 0, jobId: job.id, testbox: null, actor: null, event: 'requested' };
      await app.store.create({ ...job, state }, { ...audit, fromState: null, toState: null, detail: null });
    }

    expect(await rateOfJob(app)).toBe(rate);
  });
});

/** What the agent of the box is told, once the job has come so far. */
async function greeted(action: Action): Promise<HelloAccepted> {
  const id = await startJob(app, action);
  await proved();
  if (action === 'restore') await decide(app, person('bob'), id, { kind: 'approve' });
  await settle(app);
  const agent = new FakeAgent(app, id, 1);
  await agent.hello();
  if (agent.accepted === null) throw new Error('the hello was refused');
  return agent.accepted;
}

/** Until what the bot reads beside its work is read. */
async function proved(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (app.verifying.size > 0);
}
