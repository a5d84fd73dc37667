import type { HostKeyPins } from '../app/ports.ts';
import type { Database } from './open.ts';

/** Host keys pinned at first use. */
export function createHostKeyPins(db: Database): HostKeyPins {
  const pinned = async (place: string) => {
    const row = await db
      .selectFrom('host_keys')
      .select('host_key')
      .where('place', '=', place)
      .executeTakeFirst();
    return row?.host_key ?? null;
  };
  return {
    pinned,
    async pin(place, key) {
      await db
        .insertInto('host_keys')
        .values({ place, host_key: key })
        .onConflict((conflict) => conflict.column('place').doNothing())
        .execute();
      return (await pinned(place)) ?? key;
    },
    async replace(place, key) {
      await db
        .insertInto('host_keys')
        .values({ place, host_key: key })
        .onConflict((conflict) => conflict.column('place').doUpdateSet({ host_key: key }))
        .execute();
    },
    async forget(place) {
      const { numDeletedRows } = await db
        .deleteFrom('host_keys')
        .where('place', '=', place)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
