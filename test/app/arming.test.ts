import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { PLUTO } from '../fakes/plan.ts';
import { startJob } from '../fakes/start-job.ts';

let app: TestApp;

beforeEach(async () => {
  app = await createTestApp();
});

describe('arming a box', () => {
  it('sees to its directory on the backup share before there is a boot config', async () => {
    app.share.unprepared = 'it is no directory';
    const id = await startJob(app, 'backup');

    expect(await app.store.job(id)).toMatchObject({
      state: 'failed',
      failure: { class: 'storage', code: 'box-directory-refused', message: 'it is no directory' },
    });
    expect(app.share.bootConfigs.size).toBe(0);
  });

  it('looks at the directory once a job, not at every boot', async () => {
    const id = await startJob(app, 'backup');
    for (const boot of [1, 2]) await new FakeAgent(app, id, boot).hello();
    await settle(app);

    expect(app.share.prepared).toEqual([PLUTO]);
  });

  it('rescues a box without one: people want to look into it all the same', async () => {
    app.share.unprepared = 'it is no directory';
    const id = await startJob(app, 'rescue');

    expect((await app.store.job(id))?.state).toBe('booting');
  });
});
