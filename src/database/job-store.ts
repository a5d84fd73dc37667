import type { Transaction } from 'kysely';
import type { Commit, CommitOutcome, JobStore } from '../app/store.ts';
import { isActive, isEnded, type Job } from '../domain/job.ts';
import { auditStore } from './audit-store.ts';
import { boxStore } from './box-store.ts';
import { effectStore, owe } from './effect-store.ts';
import type { Database } from './open.ts';
import { readJob, readJobs } from './read-job.ts';
import type { Tables } from './schema.ts';

/** Jobs with their audit trail and owed effects, on any database that Kysely speaks to. */
export function createJobStore(db: Database): JobStore {
  const audits = auditStore(db);
  return {
    async create(job, audit) {
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('jobs').values(row(job)).execute();
        await auditStore(trx).add(audit, `${job.id}.${order(job.version)}`);
      });
    },
    commit: (commit) => commitJob(db, commit),
    async job(id) {
      return readJob(await db.selectFrom('jobs').select('body').where('id', '=', id).executeTakeFirst());
    },
    async activeJob(address) {
      const found = db
        .selectFrom('jobs')
        .select('body')
        .where('testbox', '=', address)
        .where('active', '=', 1);
      return readJob(await found.executeTakeFirst());
    },
    async activeJobs() {
      const found = db.selectFrom('jobs').select('body').where('active', '=', 1);
      return readJobs(await found.orderBy('created_at').orderBy('id').execute());
    },
    async plannedJobs() {
      return readJobs(await db.selectFrom('jobs').select('body').where('state', '=', 'planned').execute());
    },
    async recentJobs(address, limit) {
      const all = db
        .selectFrom('jobs')
        .select('body')
        .where('version', '>', 1)
        .where('state', '!=', 'planned');
      const found = address === null ? all : all.where('testbox', '=', address);
      return readJobs(await found.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute());
    },
    async jobsOf(requester, limit) {
      const found = db
        .selectFrom('jobs')
        .select('body')
        .where('requester', '=', requester)
        .where('state', '!=', 'planned');
      return readJobs(await found.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute());
    },
    async endedSince(at) {
      const found = db.selectFrom('jobs').select('body').where('ended_at', '>=', at);
      return readJobs(await found.orderBy('ended_at').orderBy('id').execute());
    },
    audits: ({ jobId }) => audits.of(jobId),
    addAudit: (entry) => audits.add(entry, `${order(entry.at)}.${crypto.randomUUID()}`),
    ...effectStore(db),
    ...boxStore(db),
  };
}

async function commitJob(db: Database, commit: Commit): Promise<CommitOutcome> {
  const { before, after } = commit;
  try {
    return await db.transaction().execute(async (trx) => {
      const { id, ...values } = row(after);
      const updated = await trx
        .updateTable('jobs')
        .set(values)
        .where('id', '=', id)
        .where('version', '=', before.version)
        .executeTakeFirst();
      if (Number(updated.numUpdatedRows) !== 1) return 'conflict';
      await writeBeside(trx, commit);
      return 'committed';
    });
  } catch (error) {
    if (isUniqueViolation(error)) return 'box-busy';
    throw error;
  }
}

async function writeBeside(
  trx: Transaction<Tables>,
  { after, audit, effects, hearing, hardware }: Commit,
): Promise<void> {
  await auditStore(trx).add(audit, `${after.id}.${order(after.version)}`);
  await owe(trx, { job: after, effects, now: audit.at });
  const boxes = boxStore(trx);
  if (hearing !== undefined) await boxes.saveHearing(after.id, hearing);
  if (hardware !== undefined) await boxes.saveHardware(after.testbox.address, hardware);
}

function row(job: Job): Tables['jobs'] {
  return {
    id: job.id,
    version: job.version,
    state: job.state,
    testbox: job.testbox.address,
    active: isActive(job.state) ? 1 : 0,
    created_at: job.createdAt,
    ended_at: isEnded(job.state) ? job.stateSince : null,
    requester: job.requester.key,
    body: JSON.stringify(job),
  };
}

/** Numbers as text that sorts like numbers. */
function order(number: number): string {
  return String(number).padStart(14, '0');
}

/** SQLITE_CONSTRAINT_UNIQUE, and PostgreSQL's unique_violation. */
function isUniqueViolation(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('errcode' in error && error.errcode === 2067) || ('code' in error && error.code === '23505');
}
