import type { ExpressionBuilder } from 'kysely';
import { z } from 'zod';
import type { ChatPlace, SummaryRefs } from '../app/chat-ports.ts';
import type { Database } from './open.ts';
import type { Tables } from './schema.ts';

const Place: z.ZodType<ChatPlace> = z.object({
  platform: z.enum(['console', 'slack', 'discord']),
  channel: z.string(),
});

/** The open summary cards, a row for each channel that has one. */
export function createSummaryRefs(db: Database): SummaryRefs {
  const row = async ({ platform, channel }: ChatPlace) =>
    db
      .selectFrom('summaries')
      .select(['nonce', 'ref'])
      .where('platform', '=', platform)
      .where('channel', '=', channel)
      .executeTakeFirst();
  return {
    async find(place) {
      return (await row(place))?.ref ?? null;
    },
    async begin({ platform, channel }, nonce) {
      await db
        .insertInto('summaries')
        .values({ platform, channel, nonce, ref: null })
        .onConflict((conflict) => conflict.columns(['platform', 'channel']).doNothing())
        .execute();
      return (await row({ platform, channel }))?.nonce ?? nonce;
    },
    async save({ platform, channel }, ref) {
      const one = (eb: ExpressionBuilder<Tables, 'summaries'>) => eb.and({ platform, channel });
      if (ref === null) await db.deleteFrom('summaries').where(one).execute();
      else await db.updateTable('summaries').set({ ref }).where(one).execute();
    },
    async open() {
      const query = db.selectFrom('summaries').select(['platform', 'channel']);
      const rows = await query.orderBy('platform').orderBy('channel').execute();
      return rows.map((place) => Place.parse(place));
    },
  };
}
