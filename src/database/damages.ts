import type { Damages } from '../app/proof-ports.ts';
import { TestboxAddress } from '../contract/address.ts';
import type { Damage } from '../domain/damage.ts';
import type { Database } from './open.ts';
import type { Tables } from './schema.ts';

/** A key column can't be null: no slot has this name. */
const WHOLE_GENERATION = '';

/** What was found to be damaged, and told of it: a bot that was killed in between tells it. */
export function createDamages(db: Database): Damages {
  const of = (address: TestboxAddress, { generation, slot, problem }: Damage) =>
    db
      .updateTable('damages')
      .where('testbox', '=', address)
      .where('generation', '=', generation)
      .where('slot', '=', slot ?? WHOLE_GENERATION)
      .where('problem', '=', problem);
  return {
    found: (address, generation, damage) =>
      db.transaction().execute(async (trx) => {
        const known = await trx
          .selectFrom('damages')
          .selectAll()
          .where('testbox', '=', address)
          .where('generation', '=', generation)
          .execute();
        await trx
          .deleteFrom('damages')
          .where('testbox', '=', address)
          .where('generation', '=', generation)
          .execute();
        for (const { slot, imageHash, problem } of damage) {
          const row = { slot: slot ?? WHOLE_GENERATION, image_hash: imageHash, problem };
          const before = known.find((each) => isSame(each, row));
          await trx
            .insertInto('damages')
            .values({ testbox: address, generation, ...row, told_at: before?.told_at ?? null })
            .execute();
        }
      }),
    async keepOnly(address, generations) {
      const gone = db.deleteFrom('damages').where('testbox', '=', address);
      await (generations.length === 0 ? gone : gone.where('generation', 'not in', generations)).execute();
    },
    async untold() {
      const rows = await db
        .selectFrom('damages')
        .selectAll()
        .where('told_at', 'is', null)
        .orderBy('testbox')
        .orderBy('generation', 'desc')
        .orderBy('slot')
        .execute();
      return Map.groupBy(rows.map(readRow), ({ address }) => address);
    },
    async told(address, damage, at) {
      for (const each of damage) await of(address, each).set({ told_at: at }).execute();
    },
  };
}

type Row = Tables['damages'];

function isSame(known: Row, found: Pick<Row, 'slot' | 'image_hash' | 'problem'>): boolean {
  return (
    known.slot === found.slot && known.image_hash === found.image_hash && known.problem === found.problem
  );
}

function readRow({ testbox, generation, slot, image_hash, problem }: Row) {
  return {
    address: TestboxAddress.parse(testbox),
    ...{ generation, problem, imageHash: image_hash },
    slot: slot === WHOLE_GENERATION ? null : slot,
  };
}
