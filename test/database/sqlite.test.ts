import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHostKeyPins } from '../../src/database/host-keys.ts';
import { createJobStore } from '../../src/database/job-store.ts';
import { createMessageRefs } from '../../src/database/messages.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { createPostLedger } from '../../src/database/post-ledger.ts';
import { createSummaryRefs } from '../../src/database/summary-refs.ts';
import { chatRecordsContract } from '../contracts/chat-records.ts';
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

/** One file, opened by two bots. */
async function openTwice() {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-sqlite-'));
  const file = join(directory, 'a.sqlite');
  const [one, two] = [await openDatabase(file), await openDatabase(file)];
  const close = async () => {
    await Promise.all([one.destroy(), two.destroy()]);
    await rm(directory, { recursive: true });
  };
  return { one, two, close };
}

jobStoreContract('SQLite', async () => {
  const { one, two, close } = await openTwice();
  return { store: createJobStore(one), other: createJobStore(two), close };
});

chatRecordsContract('SQLite', async () => {
  const { one, two, close } = await openTwice();
  const records = (db: Database) => ({ ledger: createPostLedger(db), summaries: createSummaryRefs(db) });
  return { ...records(one), other: records(two), close };
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
    await sql`drop table verifications`.execute(before);
    await sql`drop table damages`.execute(before);
    await sql`drop table asked_proofs`.execute(before);
    await sql`delete from kysely_migration where name >= '003'`.execute(before);
    await before.destroy();

    const after = await openDatabase(file);
    onTestFinished(() => after.destroy());

    expect(await createJobStore(after).jobsOf(job.requester.key, 10)).toEqual([job]);
  });
});

describe('a job that was stored before something was written down of jobs', () => {
  it('has it empty', async () => {
    const db = await openDatabase(':memory:');
    onTestFinished(() => db.destroy());
    const store = createJobStore(db);
    const job = restoreJob({ state: 'running' });
    await store.create(job, { ...AUDIT, jobId: job.id });
    const { sshFingerprints: _a, strangers: _b, warnings: _c, wish: _d, ...older } = job;
    await db
      .updateTable('jobs')
      .set({ body: JSON.stringify(older) })
      .execute();

    expect(await store.job(job.id)).toEqual(job);
    expect(await store.activeJobs()).toEqual([job]);
  });
});

describe('what else SQLite keeps', () => {
  it('is the first host key of a place', async () => {
    const db = await openDatabase(':memory:');
    const pins = createHostKeyPins(db);

    expect(await pins.pinned('pluto:22')).toBeNull();
    expect(await pins.pin('pluto:22', 'key A')).toBe('key A');
    expect(await pins.pin('pluto:22', 'key B')).toBe('key A');

    await pins.replace('pluto:22', 'key B');
    await pins.replace('venus:22', 'key C');
    expect([await pins.pinned('pluto:22'), await pins.pinned('venus:22')]).toEqual(['key B', 'key C']);
    expect([await pins.forget('pluto:22'), await pins.forget('pluto:22')]).toEqual([true, false]);
    expect([await pins.pinned('pluto:22'), await pins.pinned('venus:22')]).toEqual([null, 'key C']);
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

describe('a database that an earlier version wrote', () => {
  it('is brought up to date with its jobs', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'testbox-sqlite-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'a.sqlite');
    const job = restoreJob();
    const old = new DatabaseSync(file);
    old.exec(`
      create table jobs (id text primary key, version integer not null, state text not null,
        testbox text not null, active integer not null, created_at bigint not null, body text not null);
      create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
      insert into kysely_migration values ('001-first', '2026-11-01T00:00:00.000Z');
    `);
    const insert = old.prepare('insert into jobs values (?, 1, ?, ?, 0, ?, ?)');
    insert.run(job.id, job.state, job.testbox.address, job.createdAt, JSON.stringify(job));
    old.close();

    const db = await openDatabase(file);
    onTestFinished(() => db.destroy());

    expect(await createJobStore(db).job(job.id)).toEqual(job);
    expect(await createJobStore(db).endedSince(0)).toEqual([]);
    expect(await createPostLedger(db).begin('n', 1)).toEqual({ kind: 'new' });
  });
});
