import { stat } from 'node:fs/promises';
import type { Environment } from '../../config/dotenv.ts';
import { readStorageEnvironment } from '../../config/storage-env.ts';
import { unlessMissing } from '../../storage/file-error.ts';
import { examineNfsroot, type NfsrootLine } from '../nfsroot/examine.ts';

export type NfsrootFindings =
  | { kind: 'here'; lines: readonly NfsrootLine[] }
  /** The storage server is another machine. */
  | { kind: 'elsewhere'; directory: string };

/** Null when the environment doesn't say what it takes. */
export async function findNfsroot(env: Environment): Promise<NfsrootFindings | null> {
  const storage = readStorageEnvironment(env);
  if (!storage.ok) return null;
  const directory = storage.config.nfsroot;
  if ((await unlessMissing(stat(directory))) === undefined) return { kind: 'elsewhere', directory };
  return { kind: 'here', lines: await examineNfsroot(storage.config) };
}
