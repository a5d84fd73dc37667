import type { MessageRefs } from '../app/ports.ts';
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
    async save(job, name, ref) {
      await db
        .insertInto('messages')
        .values({ job_id: job, name, ref })
        .onConflict((conflict) => conflict.columns(['job_id', 'name']).doUpdateSet({ ref }))
        .execute();
    },
  };
}
