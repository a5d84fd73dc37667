import type { Kysely } from 'kysely';
import type { BoxLock, Hearing, JobStore } from '../app/store.ts';
import type { TestboxAddress } from '../contract/address.ts';
import type { RecordedHardware } from '../domain/hardware.ts';
import type { Tables } from './schema.ts';

type BoxStore = Pick<
  JobStore,
  'hearing' | 'saveHearing' | 'hardware' | 'lock' | 'setLock' | 'serverKey' | 'lastAlive' | 'setAlive'
> & { saveHardware(address: TestboxAddress, hardware: RecordedHardware): Promise<void> };

/** What is kept of boxes and agents beside their jobs, and of the bot itself. */
export function boxStore(db: Kysely<Tables>): BoxStore {
  return {
    async hearing(id) {
      const row = await db.selectFrom('hearings').select('body').where('job_id', '=', id).executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.body) as Hearing);
    },
    async saveHearing(id, hearing) {
      const body = JSON.stringify(hearing);
      await db
        .insertInto('hearings')
        .values({ job_id: id, body })
        .onConflict((conflict) => conflict.column('job_id').doUpdateSet({ body }))
        .execute();
    },
    async hardware(address) {
      const row = await db
        .selectFrom('hardware')
        .select('body')
        .where('testbox', '=', address)
        .executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.body) as RecordedHardware);
    },
    async saveHardware(address, hardware) {
      const body = JSON.stringify(hardware);
      await db
        .insertInto('hardware')
        .values({ testbox: address, body })
        .onConflict((conflict) => conflict.column('testbox').doUpdateSet({ body }))
        .execute();
    },
    async lock(address) {
      const row = await db
        .selectFrom('locks')
        .select('body')
        .where('testbox', '=', address)
        .executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.body) as BoxLock);
    },
    async setLock(address, lock) {
      if (lock === null) {
        await db.deleteFrom('locks').where('testbox', '=', address).execute();
        return;
      }
      const body = JSON.stringify(lock);
      await db
        .insertInto('locks')
        .values({ testbox: address, body })
        .onConflict((conflict) => conflict.column('testbox').doUpdateSet({ body }))
        .execute();
    },
    async serverKey(fresh) {
      await db
        .insertInto('settings')
        .values({ name: 'server-key', value: fresh() })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      return setting(db, 'server-key').then((value) => value ?? '');
    },
    async lastAlive() {
      const value = await setting(db, 'alive-at');
      return value === null ? null : Number(value);
    },
    async setAlive(now) {
      const value = String(now);
      await db
        .insertInto('settings')
        .values({ name: 'alive-at', value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}

async function setting(db: Kysely<Tables>, name: string): Promise<string | null> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}
