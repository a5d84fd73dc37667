import type { MessageRefs } from '../app/chat-ports.ts';
import { JobId } from '../contract/ids.ts';
import type { Database } from './open.ts';

export function createMessageRefs(db: Database): MessageRefs {
  return {
    async find(job, name) {
      const query = db
        .selectFrom('messages')
        .select('ref')
        .where('job_id', '=', job)
        .where('name', '=', name);
      return (await query.executeTakeFirst())?.ref ?? null;
    },
    async jobOf(name, ref) {
      const query = db
        .selectFrom('messages')
        .select('job_id')
        .where('name', '=', name)
        .where('ref', '=', ref);
      const row = await query.executeTakeFirst();
      return row === undefined ? null : JobId.parse(row.job_id);
    },
    async save(job, name, ref) {
      await db
        .insertInto('messages')
        .values({ job_id: job, name, ref })
        .onConflict((conflict) => conflict.columns(['job_id', 'name']).doUpdateSet({ ref }))
        .execute();
    },
  };
}
