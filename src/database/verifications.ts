import type { Verifications } from '../app/proof-ports.ts';
import type { Database } from './open.ts';

/** What reading images through has found: in the store, which no box can write to. */
export function createVerifications(db: Database): Verifications {
  return {
    async of(address) {
      const rows = await db
        .selectFrom('verifications')
        .selectAll()
        .where('testbox', '=', address)
        .orderBy('generation')
        .orderBy('slot')
        .execute();
      return rows.map(({ generation, slot, image_hash, verified_at, problem }) => ({
        ...{ generation, slot, problem },
        imageHash: image_hash,
        // A PostgreSQL driver gives a bigint as text.
        at: Number(verified_at),
      }));
    },
    async save(address, { generation, slot, imageHash, at, problem }) {
      const found = { image_hash: imageHash, verified_at: at, problem };
      await db
        .insertInto('verifications')
        .values({ testbox: address, generation, slot, ...found })
        .onConflict((conflict) => conflict.columns(['testbox', 'generation', 'slot']).doUpdateSet(found))
        .execute();
    },
  };
}
