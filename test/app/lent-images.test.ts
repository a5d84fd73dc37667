import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../src/app/decide.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import { generationsNamed } from '../../src/app/named-generations.ts';
import { type Requested, requestAction } from '../../src/app/request.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { JobId } from '../../src/contract/ids.ts';
import type { RecordedHardware } from '../../src/domain/hardware.ts';
import { type ImageWish, NEWEST_OWN } from '../../src/domain/image-wish.ts';
import type { Job } from '../../src/domain/job.ts';
import { createTestApp, PLUTO_BOX, settle, type TestApp } from '../fakes/app.ts';
import { catalogOf, generation } from '../fakes/catalog.ts';
import { person } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';

const VENUS = TestboxAddress.parse('10.40.41.43');
const VENUS_BOX = { ...PLUTO_BOX, name: 'venus', address: VENUS, mac: '52:54:00:00:00:43' };
const DISK = {
  identity: { wwn: null, model: 'OTHER', serial: 'VENUS-SDA', path: null },
  kernelName: 'sda',
  sizeBytes: 16_777_216,
  sectorSizeBytes: 512,
};

let app: TestApp;

beforeEach(async () => {
  app = await createTestApp(':memory:', [PLUTO_BOX, VENUS_BOX]);
  app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2)]));
});

describe('a restore from another box', () => {
  it("plans the lender's image as a file of the box's own directory, and says whose it is", async () => {
    const { plan, notes } = planned(await ask({ from: 'PLUTO' }));

    expect(plan.source).toEqual({ name: 'pluto', address: PLUTO });
    expect(plan.disks.map(({ image }) => image?.file)).toEqual([
      'sources/10.40.41.42/generations/000002/sda.raw.gz',
    ]);
    expect(notes.imageHostKeys).toEqual(['ssh-ed25519 KEY2']);
  });

  it("takes the lender's older generation", async () => {
    const { plan } = planned(await ask({ from: 'pluto', asOf: 1 }));

    expect(plan.disks[0]?.image).toMatchObject({ generation: 1 });
  });

  it('needs an approver even where a restore needs none', async () => {
    const { access } = app.inventory;
    const rules = access();
    const policy = { ...rules.policy, restore: { approvals: 0 } };
    app.inventory = { ...app.inventory, access: () => ({ ...rules, policy }) };

    expect(planned(await ask({ from: 'pluto' })).approvalsNeeded).toBe(1);
    app.share.catalogs.set(VENUS, catalogOf([generation(1, null, VENUS_BOX)]));
    expect(planned(await ask({ from: null })).approvalsNeeded).toBe(0);
    expect(planned(await ask({ from: 'venus' }))).toMatchObject({ approvalsNeeded: 0, wish: { from: null } });
  });

  it('refuses boxes that are not there, and disks that the box does not have', async () => {
    expect(await ask({ from: 'plutto' })).toMatchObject({
      kind: 'refused',
      why: { code: 'no-such-lender', typed: 'plutto', meant: 'pluto' },
    });
    await seen({ sdb: DISK });
    expect(await ask({ from: 'pluto' })).toMatchObject({
      kind: 'refused',
      why: { code: 'no-disk-for', slots: ['sda'], known: ['sdb'] },
    });
    await seen({ sda: { ...DISK, sectorSizeBytes: 4096 } });
    expect(await ask({ from: 'pluto' })).toMatchObject({
      kind: 'refused',
      why: { code: 'sector-size-differs', slot: 'sda', image: 512, disk: 4096 },
    });
  });

  it('hands the image over before there is a boot config, and takes it back at the end', async () => {
    await seen({ sda: DISK });
    const { id } = await armed();

    expect(app.share.handedOver).toEqual([
      {
        from: PLUTO,
        to: VENUS,
        files: ['', '.index'].map((more) => ({
          source: `generations/000002/sda.raw.gz${more}`,
          copy: `sources/10.40.41.42/generations/000002/sda.raw.gz${more}`,
        })),
      },
    ]);
    expect(app.share.nonceFor(VENUS)).not.toBeNull();
    expect(app.share.takenBack).toEqual([]);
    await decide(app, person('alice'), id, { kind: 'cancel', despiteDirty: false });
    await settle(app);
    app.machines.bootOwnDisk();
    app.clock.advance(10_000);
    await settle(app);

    expect((await app.store.job(id))?.state).toBe('cancelled');
    expect(app.share.takenBack).toEqual([VENUS]);
  });

  it('waits with the deadline while images are copied', async () => {
    await seen({ sda: DISK });
    const copying = Promise.withResolvers<void>();
    const { handOver } = app.share;
    app.share.handOver = async (what) => {
      await copying.promise;
      return handOver.call(app.share, what);
    };
    const { id } = planned(await ask({ from: 'pluto' }));
    await approve(id);
    const driver = new Driver(app);
    await driver.pass();
    await driver.pass();
    for (let minute = 0; minute < 30; minute += 1) {
      app.clock.advance(20_000);
      await new Promise((resolve) => setImmediate(resolve));
      await driver.pass();
    }
    expect((await app.store.job(id))?.state).toBe('arming');

    copying.resolve();
    await driver.settled();
    expect(['rebooting', 'booting']).toContain((await app.store.job(id))?.state);
  });

  it('says why it could not be handed over, and arms nothing', async () => {
    app.share.notHandedOver = 'the backup share is full';
    const { id } = await armed();

    expect(await app.store.job(id)).toMatchObject({
      state: 'failed',
      failure: { code: 'image-not-handed-over', message: 'the backup share is full' },
    });
    expect(app.share.bootConfigs.size).toBe(0);
    expect(app.share.takenBack).toEqual([VENUS]);
  });

  it("keeps the lender's generation from pruning while it goes on", async () => {
    await armed();
    const active = await app.store.activeJobs();

    expect(generationsNamed(active, PLUTO)).toEqual([2]);
    expect(generationsNamed(active, VENUS)).toEqual([]);
  });
});

function ask(wish: Partial<ImageWish>): Promise<Requested> {
  return requestAction(app, {
    person: person('alice'),
    action: 'restore',
    box: 'venus',
    onlySlots: null,
    wish: { ...NEWEST_OWN, ...wish },
    reason: null,
    channel: 'lab',
  });
}

function planned(requested: Requested): Job {
  if (requested.kind === 'planned') return requested.job;
  throw new Error(JSON.stringify(requested));
}

async function armed(): Promise<Job> {
  const job = planned(await ask({ from: 'pluto' }));
  await approve(job.id);
  await settle(app);
  return job;
}

async function approve(id: JobId): Promise<void> {
  await decide(app, person('alice'), id, { kind: 'confirm' });
  await decide(app, person('bob'), id, { kind: 'approve' });
}

/** venus was seen with these disks. */
async function seen(slots: RecordedHardware['slots']): Promise<void> {
  await app.db.deleteFrom('hardware').execute();
  const hardware: RecordedHardware = { uuid: null, macs: [], disks: [], slots, seenAt: 1 };
  await app.db
    .insertInto('hardware')
    .values({ testbox: VENUS, body: JSON.stringify(hardware) })
    .execute();
}
