import { beforeEach, describe, expect, it } from 'vitest';
import { Driver } from '../../../src/app/drive/driver.ts';
import { lockBox } from '../../../src/app/lock.ts';
import { verifyImages } from '../../../src/app/verify-images.ts';
import { TestboxAddress } from '../../../src/contract/address.ts';
import { FakeAgent } from '../../fakes/agent.ts';
import { createTestApp, settle, type TestApp } from '../../fakes/app.ts';
import { catalogOf, generation } from '../../fakes/catalog.ts';
import { NOW, restoreJob } from '../../fakes/job.ts';
import { person, stored } from '../../fakes/people.ts';
import { PLUTO } from '../../fakes/plan.ts';
import { startJob } from '../../fakes/start-job.ts';

const HOUR = 3_600_000;
const VENUS = TestboxAddress.parse('10.40.41.43');

let app: TestApp;
let driver: Driver;

beforeEach(async () => {
  app = await createTestApp();
  app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2), generation(3)]));
  app.settings.verifyAt = (after) => NOW + (Math.floor((after - NOW) / HOUR) + 1) * HOUR;
  driver = new Driver(app);
});

/** Passes until a run of the schedule is over, and one some seconds later. */
async function passes(): Promise<void> {
  await driver.pass();
  do await new Promise((resolve) => setImmediate(resolve));
  while (app.verifying.size > 0);
  await driver.settled();
  app.clock.advance(6_000);
  await driver.pass();
  await driver.settled();
}

async function night(): Promise<void> {
  app.clock.advance(HOUR);
  await passes();
}

describe('damage that the schedule finds', () => {
  it('is told with what can be restored instead, and not again while it stays the same', async () => {
    app.share.damaged.set(3, 'chunk 7 of sda.raw.gz is damaged');
    await night();

    expect(app.teller.damage).toMatchObject([
      {
        box: 'pluto',
        damage: [{ generation: 3, slot: 'sda', problem: 'chunk 7 of sda.raw.gz is damaged' }],
        current: 3,
        sound: [{ generation: 2 }, { generation: 1 }],
      },
    ]);
    expect(app.teller.damage[0]?.sound[0]?.verifiedAt).toBeGreaterThan(NOW);

    await night();
    driver = new Driver(app);
    await night();
    expect(app.teller.damage).toHaveLength(1);
  });

  it('is told anew when there is more of it, without what was told', async () => {
    app.share.damaged.set(3, 'chunk 7 of sda.raw.gz is damaged');
    await night();
    app.share.damaged.set(2, 'sda.raw.gz is cut off');
    await night();

    expect(app.teller.damage).toHaveLength(2);
    expect(app.teller.damage[1]).toMatchObject({ damage: [{ generation: 2 }], sound: [{ generation: 1 }] });
  });

  it('is told of generations that can not be read at all', async () => {
    const lost = { generation: 3, manifest: null, problem: 'the current generation is not there' };
    app.share.catalogs.set(PLUTO, catalogOf([generation(2), lost]));
    await night();
    await night();

    expect(app.teller.damage).toMatchObject([{ damage: [{ generation: 3, slot: null }], current: 3 }]);
    expect(app.teller.damage).toHaveLength(1);
  });

  it('waits for a chat that is away, and for the end of the run', async () => {
    app.share.damaged.set(3, 'it is damaged');
    app.teller.down = true;
    await night();
    app.teller.down = false;
    app.verifying.add(PLUTO);
    app.clock.advance(10_000);
    await driver.pass();
    await driver.settled();
    expect(app.teller.damage).toEqual([]);

    app.verifying.clear();
    await passes();
    expect(app.teller.damage).toHaveLength(1);
  });

  it('is nothing to tell where all is sound', async () => {
    await night();

    expect(app.share.verified).toHaveLength(3);
    expect(app.teller.damage).toEqual([]);
  });
});

it('tells damage that somebody else has found, too', async () => {
  app.share.damaged.set(1, 'it is damaged');
  await verifyImages(app, { address: PLUTO, generations: [1] });

  await passes();

  expect(app.teller.damage).toMatchObject([{ damage: [{ generation: 1 }], current: 3 }]);
});

it('tells that a backup which was just made is not sound', async () => {
  app.share.catalogs.clear();
  const id = await startJob(app, 'backup');
  const agent = new FakeAgent(app, id, 1);
  await agent.hello();
  const { manifest } = generation(1);
  if (manifest === null) throw new Error('generation 1 has no manifest');
  const made = { generation: 1, problem: null, manifest: { ...manifest, job: id } };
  app.share.catalogs.set(PLUTO, catalogOf([made]));
  app.share.damaged.set(1, 'chunk 7 of sda.raw.gz is damaged');
  app.share.prune = async () => ({ removed: [], problem: 'chunk 7 of sda.raw.gz is damaged' });
  await agent.report({ type: 'done', generation: 1, disks: [], durationMs: 5000 });
  app.machines.bootOwnDisk();
  await settle(app, driver);
  await passes();

  expect((await app.store.job(id))?.state).toBe('succeeded');
  expect(app.teller.damage).toMatchObject([
    { damage: [{ generation: 1, slot: 'sda' }], sound: [], owners: [{ key: 'alice' }] },
  ]);
});

describe('the owners of a damaged image', () => {
  /** Generation 3 is of a job that bob asked for. */
  async function madeByBob(box = { name: 'pluto', address: PLUTO }): Promise<void> {
    const job = restoreJob({ testbox: box, requester: stored('bob'), state: 'succeeded' });
    const audit = { at: 0, jobId: job.id, testbox: null, actor: null, event: 'requested' };
    await app.store.create(job, { ...audit, fromState: null, toState: null, detail: null });
    const { manifest } = generation(3);
    if (manifest === null) throw new Error('generation 3 has no manifest');
    const found = { generation: 3, problem: null, manifest: { ...manifest, job: job.id } };
    app.share.catalogs.set(PLUTO, catalogOf([found]));
    app.share.damaged.set(3, 'it is damaged');
  }

  it('are who made it, and who has locked the box', async () => {
    await madeByBob();
    await lockBox(app, person('alice'), { box: 'pluto', reason: null });
    await night();

    expect(app.teller.damage[0]?.owners.map(({ key }) => key)).toEqual(['alice', 'bob']);
  });

  it("are nobody when its manifest names another box's job", async () => {
    await madeByBob({ name: 'venus', address: VENUS });
    await night();

    expect(app.teller.damage[0]?.owners).toEqual([]);
  });
});
