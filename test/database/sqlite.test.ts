import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHostKeyPins } from '../../src/database/host-keys.ts';
import { createJobStore } from '../../src/database/job-store.ts';
import { createMessageRefs } from '../../src/database/messages.ts';
import { openDatabase } from '../../src/database/open.ts';
import { jobStoreContract } from '../contracts/job-store.ts';
import { restoreJob } from '../fakes/job.ts';

const AUDIT = {
  at: 0,
  testbox: null,
  actor: null,
  event: 'requested',
  fromState: null,
  toState: null,
  detail: null,
};

jobStoreContract('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-sqlite-'));
  const [one, two] = [
    await openDatabase(join(directory, 'a.sqlite')),
    await openDatabase(join(directory, 'a.sqlite')),
  ];
  return {
    store: createJobStore(one),
    other: createJobStore(two),
    async close() {
      await Promise.all([one.destroy(), two.destroy()]);
      await rm(directory, { recursive: true });
    },
  };
});

describe('a store from before jobs had their requester in a column', () => {
  it('finds them by who asked for them', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'testbox-sqlite-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'a.sqlite');
    const before = await openDatabase(file);
    const store = createJobStore(before);
    const job = restoreJob({ state: 'failed' });
    await store.create(job, { ...AUDIT, jobId: job.id });
    await sql`drop index jobs_of_requester`.execute(before);
    await sql`alter table jobs drop column requester`.execute(before);
    await sql`delete from kysely_migration where name = '003-requesters'`.execute(before);
    await before.destroy();

    const after = await openDatabase(file);
    onTestFinished(() => after.destroy());

    expect(await createJobStore(after).jobsOf(job.requester.key, 10)).toEqual([job]);
  });
});

describe('what else SQLite keeps', () => {
  it('is the first host key of a place', async () => {
    const db = await openDatabase(':memory:');
    const pins = createHostKeyPins(db);

    expect(await pins.pinned('pluto:22')).toBeNull();
    expect(await pins.pin('pluto:22', 'key A')).toBe('key A');
    expect(await pins.pin('pluto:22', 'key B')).toBe('key A');
    await db.destroy();
  });

  it("is where a job's messages are, both ways", async () => {
    const db = await openDatabase(':memory:');
    const refs = createMessageRefs(db);
    const { id } = restoreJob();
    await refs.save(id, 'card', 'm1');
    await refs.save(id, 'card', 'm2');

    expect(await refs.find(id, 'card')).toBe('m2');
    expect(await refs.jobOf('card', 'm2')).toBe(id);
    expect(await refs.jobOf('card', 'm1')).toBeNull();
    await db.destroy();
  });
});
