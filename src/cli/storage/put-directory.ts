import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../../storage/durable-file.ts';
import { unlessMissing } from '../../storage/file-error.ts';
import type { Outcome, Owner } from './wanted.ts';

const ENTERED_BY_ALL = 0o755;
const OF_OTHERS = 0o005;

/** Makes a directory that everybody may enter, whatever the umask. One that is there is looked at only. */
export async function putDirectory(
  { path, owner }: { path: string; owner: Owner | null },
  check: boolean,
): Promise<Outcome> {
  const found = await unlessMissing(stat(path));
  if (found === undefined) {
    if (check) return { status: 'missing', what: path };
    await makeDirectory(path);
    if (owner !== null) await chown(path, owner.uid, owner.gid);
    return { status: 'created', what: path };
  }
  if (!found.isDirectory()) return { status: 'failed', what: path, why: 'it is no directory: move it away' };
  if (owner !== null && !isWritableFor(owner, found)) {
    return {
      status: 'differs',
      what: path,
      why: `it belongs to ${found.uid}:${found.gid} and ${owner.name} can't write there: \`chown -R ${owner.uid}:${owner.gid} ${path}\` gives it away`,
    };
  }
  if ((found.mode & OF_OTHERS) !== OF_OTHERS) {
    return {
      status: 'differs',
      what: path,
      why: `boxes and daemons can't read it: \`chmod a+rx ${path}\` lets them in`,
    };
  }
  return { status: 'ok', what: path };
}

/** With those above it, each of them durable. */
export async function makeDirectory(path: string): Promise<void> {
  const above = dirname(path);
  if ((await unlessMissing(stat(above))) === undefined) await makeDirectory(above);
  await mkdir(path);
  await chmod(path, ENTERED_BY_ALL);
  await syncDirectory(above);
}

function isWritableFor(owner: Owner, found: { uid: number; gid: number; mode: number }): boolean {
  if (found.uid === owner.uid) return (found.mode & 0o200) !== 0;
  if (found.gid === owner.gid) return (found.mode & 0o020) !== 0;
  return (found.mode & 0o002) !== 0;
}
