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
  };
}
