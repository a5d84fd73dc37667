import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { z } from 'zod';
import type { Tables } from './schema.ts';

const first: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('jobs')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('testbox', 'text', (column) => column.notNull())
      .addColumn('active', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    // The one lock of a box, held by the database itself.
    await sql`create unique index one_active_job on jobs (testbox) where active = 1`.execute(db);
    await db.schema.createIndex('jobs_of_box').on('jobs').columns(['testbox', 'created_at']).execute();
    await db.schema
      .createTable('effects')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('job_id', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('last_error', 'text')
      .addColumn('done_at', 'bigint')
      .execute();
    await sql`create index owed_effects on effects (id) where done_at is null`.execute(db);
    await db.schema
      .createTable('audit')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('job_id', 'text')
      .addColumn('testbox', 'text')
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('audit_of_job').on('audit').columns(['job_id', 'id']).execute();
    await keyed(db, 'hearings', 'job_id', 'body');
    await keyed(db, 'hardware', 'testbox', 'body');
    await keyed(db, 'locks', 'testbox', 'body');
    await keyed(db, 'host_keys', 'place', 'host_key');
    await keyed(db, 'settings', 'name', 'value');
    await db.schema
      .createTable('messages')
      .addColumn('job_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('ref', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('messages_key', ['job_id', 'name'])
      .execute();
  },
};

const chats: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('posts')
      .addColumn('nonce', 'text', (column) => column.primaryKey())
      .addColumn('begun_at', 'bigint', (column) => column.notNull())
      .addColumn('ref', 'text')
      .execute();
    await db.schema
      .createTable('summaries')
      .addColumn('platform', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('nonce', 'text', (column) => column.notNull())
      .addColumn('ref', 'text')
      .addPrimaryKeyConstraint('summaries_key', ['platform', 'channel'])
      .execute();
    await db.schema.alterTable('jobs').addColumn('ended_at', 'bigint').execute();
    await db.schema.createIndex('jobs_by_end').on('jobs').column('ended_at').execute();
  },
};

const requesters: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('jobs')
      .addColumn('requester', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    for (const { id, body } of await db.selectFrom('jobs').select(['id', 'body']).execute()) {
      const { requester } = Requested.parse(JSON.parse(body));
      await db.updateTable('jobs').set({ requester: requester.key }).where('id', '=', id).execute();
    }
    await db.schema
      .createIndex('jobs_of_requester')
      .on('jobs')
      .columns(['requester', 'created_at'])
      .execute();
  },
};

const verifications: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('verifications')
      .addColumn('testbox', 'text', (column) => column.notNull())
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addColumn('slot', 'text', (column) => column.notNull())
      .addColumn('image_hash', 'text')
      .addColumn('verified_at', 'bigint', (column) => column.notNull())
      .addColumn('problem', 'text')
      .addPrimaryKeyConstraint('verifications_key', ['testbox', 'generation', 'slot'])
      .execute();
  },
};

const damages: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('damages')
      .addColumn('testbox', 'text', (column) => column.notNull())
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addColumn('slot', 'text', (column) => column.notNull())
      .addColumn('image_hash', 'text')
      .addColumn('problem', 'text', (column) => column.notNull())
      .addColumn('told_at', 'bigint')
      .addPrimaryKeyConstraint('damages_key', ['testbox', 'generation', 'slot'])
      .execute();
  },
};

const askedProofs: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('asked_proofs')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('testbox', 'text', (column) => column.notNull())
      .addColumn('platform', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('result', 'text')
      .execute();
  },
};

const Requested = z.object({ requester: z.object({ key: z.string() }) });

async function keyed(db: Kysely<Tables>, table: string, key: string, value: string): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn(key, 'text', (column) => column.primaryKey())
    .addColumn(value, 'text', (column) => column.notNull())
    .execute();
}

/** In order; a migration that was released is never changed. */
export const migrations: MigrationProvider = {
  async getMigrations() {
    return {
      '001-first': first,
      '002-chats': chats,
      '003-requesters': requesters,
      '004-verifications': verifications,
      '005-damages': damages,
      '006-asked-proofs': askedProofs,
    };
  },
};
