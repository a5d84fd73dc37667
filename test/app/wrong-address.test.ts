import { beforeEach, describe, expect, it } from 'vitest';
import { JobId } from '../../src/contract/ids.ts';
import { FakeAgent } from '../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../fakes/app.ts';
import { startJob } from '../fakes/start-job.ts';

let app: TestApp;
let id: JobId;

beforeEach(async () => {
  app = await createTestApp();
  id = await startJob(app, 'backup');
});

function agentAt(peer: string): FakeAgent {
  const agent = new FakeAgent(app, id, 1);
  agent.peer = peer;
  return agent;
}

async function told(): Promise<number> {
  await settle(app);
  return app.announcer.notices.filter((about) => about === 'wrong-address').length;
}

describe('a hello from an address that is not the box', () => {
  it('is refused with both addresses, and told in the thread once', async () => {
    const agent = agentAt('10.40.41.99');

    for (const _ of [1, 2, 3]) {
      expect(await agent.hello()).toEqual({
        kind: 'forbidden',
        why: 'this call came from 10.40.41.99, and pluto has to call from 127.40.41.42',
      });
    }
    expect(await told()).toBe(1);
  });

  it('changes nothing else of the job', async () => {
    const before = await app.store.job(id);

    await agentAt('10.40.41.99').hello();

    const { version: _v, ...after } = (await app.store.job(id)) ?? {};
    const { version: _w, ...expected } = before ?? {};
    expect(after).toEqual({ ...expected, strangers: ['10.40.41.99'] });
    expect(await app.store.hearing(id)).toBeNull();
  });

  it('without a nonce of this job learns nothing and tells nothing', async () => {
    const agent = agentAt('10.40.41.99');
    await new FakeAgent(app, id, 2).hello();
    await new FakeAgent(app, id, 3).hello();

    expect(await agent.hello()).toEqual({
      kind: 'forbidden',
      why: 'this address is not the one of the testbox',
    });
    expect(await told()).toBe(0);
  });

  it('is told of three addresses, and no more', async () => {
    for (let last = 1; last < 20; last += 1) await agentAt(`10.40.41.${last}`).hello();

    expect(await told()).toBe(3);
  });

  it('is taken as soon as the inventory gives the box that address', async () => {
    const agent = agentAt('10.40.41.99');
    await agent.hello();
    const boxes = app.inventory.testboxes().map((box) => ({ ...box, reportsFrom: '10.40.41.99' }));
    app.inventory = { ...app.inventory, testboxes: () => boxes };

    expect((await agent.hello()).kind).toBe('accepted');
  });

  it('of a job that nobody knows is told to stay', async () => {
    const agent = new FakeAgent(app, JobId.parse('zzzzzzzz'), 1);
    agent.peer = '10.40.41.99';

    expect(await agent.hello()).toMatchObject({ kind: 'refused', answer: { directive: 'stay' } });
  });
});
