import type { Kysely, Transaction } from 'kysely';
import type { JobStore } from '../app/store.ts';
import { JobId } from '../contract/ids.ts';
import type { Effect } from '../domain/effects.ts';
import type { Job } from '../domain/job.ts';
import type { Tables } from './schema.ts';

/** Stores what a transition owes, in the transition's own transaction. */
export async function owe(
  trx: Transaction<Tables>,
  { job, effects, now }: { job: Job; effects: readonly Effect[]; now: number },
): Promise<void> {
  if (effects.length === 0) return;
  await trx
    .insertInto('effects')
    .values(
      effects.map((effect, ordinal) => ({
        id: effectId(job, ordinal),
        job_id: job.id,
        body: JSON.stringify(effect),
        due_at: now,
        tries: 0,
        last_error: null,
        done_at: null,
      })),
    )
    .execute();
}

/** Sorts a job's effects in the order they were owed; the same transition never owes twice. */
function effectId(job: Job, ordinal: number): string {
  return `${job.id}.${String(job.version).padStart(8, '0')}.${ordinal}`;
}

export function effectStore(db: Kysely<Tables>): Pick<JobStore, 'owedEffects' | 'settle' | 'postpone'> {
  return {
    async owedEffects() {
      const rows = await db
        .selectFrom('effects')
        .selectAll()
        .where('done_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        jobId: JobId.parse(row.job_id),
        effect: JSON.parse(row.body) as Effect,
        dueAt: row.due_at,
        tries: row.tries,
      }));
    },
    async settle(ids, now) {
      if (ids.length === 0) return;
      await db
        .updateTable('effects')
        .set({ done_at: now })
        .where('id', 'in', [...ids])
        .execute();
    },
    async postpone(id, { dueAt, error }) {
      await db
        .updateTable('effects')
        .set((row) => ({ due_at: dueAt, last_error: error, tries: row('tries', '+', 1) }))
        .where('id', '=', id)
        .execute();
    },
  };
}
