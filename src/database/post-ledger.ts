import type { PostLedger } from '../app/chat-ports.ts';
import type { Database } from './open.ts';

/** What was sent to chats, by nonce. */
export function createPostLedger(db: Database): PostLedger {
  return {
    begin(nonce, at) {
      return db.transaction().execute(async (trx) => {
        const added = await trx
          .insertInto('posts')
          .values({ nonce, begun_at: at, ref: null })
          .onConflict((conflict) => conflict.column('nonce').doNothing())
          .executeTakeFirst();
        if (Number(added.numInsertedOrUpdatedRows) === 1) return { kind: 'new' };
        const query = trx.selectFrom('posts').select(['begun_at', 'ref']).where('nonce', '=', nonce);
        const { begun_at, ref } = await query.executeTakeFirstOrThrow();
        // The first try's time stays: whoever looks for the message has to look back that far.
        return ref === null ? { kind: 'unknown', at: begun_at } : { kind: 'posted', ref };
      });
    },
    async posted(nonce, ref) {
      await db.updateTable('posts').set({ ref }).where('nonce', '=', nonce).execute();
    },
    async failed(nonce) {
      await db.deleteFrom('posts').where('nonce', '=', nonce).where('ref', 'is', null).execute();
    },
  };
}
