import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BACKUP_EXPORT } from '../../../contract/share-layout.ts';
import { fileErrorCode } from '../../../storage/file-error.ts';
import { parseExportsFile } from './exports-file.ts';
import { parseGaneshaFile } from './ganesha-file.ts';
import type { NfsExport, NfsExports } from './nfs-export.ts';

/** Below the root directory; tests have one of their own. */
const TABLE = 'var/lib/nfs/etab';
const EXPORTS = 'etc/exports';
const MORE_EXPORTS = 'etc/exports.d';
const GANESHA = 'etc/ganesha/ganesha.conf';

/**
 * The exports of this machine, as far as they are about testboxes: what the kernel's server
 * exports now, else what its files or those of nfs-ganesha say. Null when none names the backup
 * share: the NFS server is another machine then, or isn't set up.
 */
export async function readNfsExports(root = '/'): Promise<NfsExports | null> {
  for (const { file, read } of sources(root)) {
    const exports = await read();
    if (exports.some(({ path }) => path === BACKUP_EXPORT || path.startsWith(`${BACKUP_EXPORT}/`))) {
      return { file, exports };
    }
  }
  return null;
}

/** The table comes first: files that nobody has told the server of export nothing. */
function sources(root: string): { file: string; read: () => Promise<NfsExport[]> }[] {
  const at = (file: string) => join(root, file);
  return [
    { file: at(TABLE), read: async () => parseExportsFile(await textOf(at(TABLE))) },
    {
      file: at(EXPORTS),
      read: async () => {
        const more = (await namesIn(at(MORE_EXPORTS))).filter((name) => name.endsWith('.exports'));
        const files = [at(EXPORTS), ...more.map((name) => at(join(MORE_EXPORTS, name)))];
        return (await Promise.all(files.map(textOf))).flatMap(parseExportsFile);
      },
    },
    { file: at(GANESHA), read: async () => parseGaneshaFile(await textOf(at(GANESHA))) },
  ];
}

async function textOf(file: string): Promise<string> {
  return (await unlessClosed(readFile(file, 'utf8'))) ?? '';
}

async function namesIn(directory: string): Promise<string[]> {
  return (await unlessClosed(readdir(directory))) ?? [];
}

/** What the bot's user may not read is as good as not there: root's business. */
async function unlessClosed<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(fileErrorCode(error))) return undefined;
    throw error;
  }
}
