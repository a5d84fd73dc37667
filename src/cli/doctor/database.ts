import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Check, NEEDS_ENVIRONMENT } from './check.ts';

/** NFS_SUPER_MAGIC of statfs(2). */
const NFS = 0x6969;

export const database: Check = {
  name: 'store',
  async run({ config }) {
    if (config === null) return NEEDS_ENVIRONMENT;
    if (config.database.kind === 'postgres') return { kind: 'ok', detail: 'PostgreSQL, looked at by serve' };
    const directory = dirname(config.database.path);
    try {
      await access(directory, constants.W_OK | constants.X_OK);
    } catch (error) {
      return { kind: 'fix', todo: [`let the bot's user write to ${directory} (${String(error)})`] };
    }
    const { type } = await statfs(directory);
    if (type !== NFS) return { kind: 'ok', detail: config.database.path };
    return {
      kind: 'fix',
      todo: [`put the store on a local disk: ${directory} is on NFS, where SQLite loses data`],
    };
  },
};
