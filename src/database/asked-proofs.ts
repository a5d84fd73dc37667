import type { AskedProofs } from '../app/proof-ports.ts';
import { TestboxAddress } from '../contract/address.ts';
import { ProofResult } from '../domain/proof-result.ts';
import type { Database } from './open.ts';

export function createAskedProofs(db: Database): AskedProofs {
  return {
    begin: ({ id, address, platform, user, channel, at }) =>
      db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('asked_proofs')
          .where('testbox', '=', address)
          .where('platform', '=', platform)
          .where('person', '=', user)
          .execute();
        await trx
          .insertInto('asked_proofs')
          .values({ id, testbox: address, platform, person: user, channel, asked_at: at, result: null })
          .execute();
      }),
    async finish(id, result) {
      await db
        .updateTable('asked_proofs')
        .set({ result: JSON.stringify(result) })
        .where('id', '=', id)
        .execute();
    },
    async done(id) {
      await db.deleteFrom('asked_proofs').where('id', '=', id).execute();
    },
    async open() {
      const rows = await db
        .selectFrom('asked_proofs')
        .selectAll()
        .orderBy('asked_at')
        .orderBy('id')
        .execute();
      return rows.map(({ id, testbox, platform, person, channel, asked_at, result }) => ({
        ...{ id, channel },
        address: TestboxAddress.parse(testbox),
        platform,
        user: person,
        // A PostgreSQL driver gives a bigint as text.
        at: Number(asked_at),
        result: result === null ? null : ProofResult.parse(JSON.parse(result)),
      }));
    },
  };
}
