import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AuditEntry } from '../app/store.ts';
import { TestboxAddress } from '../contract/address.ts';
import { JobId } from '../contract/ids.ts';
import type { Person } from '../domain/person.ts';
import type { Tables } from './schema.ts';

const Body = z.object({
  actor: z.custom<Person>().nullable(),
  event: z.string(),
  fromState: z.string().nullable(),
  toState: z.string().nullable(),
  detail: z.unknown(),
});

/** The audit trail: rows are added, never changed. */
export function auditStore(db: Kysely<Tables>) {
  return {
    async add({ at, jobId, testbox, ...body }: AuditEntry, id: string): Promise<void> {
      await db
        .insertInto('audit')
        .values({ id, at, job_id: jobId, testbox, body: JSON.stringify(body) })
        .execute();
    },
    async of(jobId: JobId): Promise<AuditEntry[]> {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('job_id', '=', jobId)
        .orderBy('id')
        .execute();
      return rows.map(({ at, job_id, testbox, body }) => ({
        at,
        jobId: JobId.nullable().parse(job_id),
        testbox: TestboxAddress.nullable().parse(testbox),
        ...Body.parse(JSON.parse(body)),
      }));
    },
  };
}
