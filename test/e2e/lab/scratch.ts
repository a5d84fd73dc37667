import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PREFIX = 'testbox-pxe-';
const OWNER_FILE = 'owner';

/** Disks, images and the maintenance system take some gigabytes, and /tmp is often memory. */
export const SCRATCH_PARENT = process.env.TESTBOX_PXE_DIRECTORY ?? '/var/tmp';

/**
 * A directory that is this run's own. Everybody may look into it: the bot is an ordinary user.
 * What a run left that was killed is removed first; its processes and its network went with it.
 */
export async function takeScratch(): Promise<string> {
  await removeStale();
  const path = await mkdtemp(join(SCRATCH_PARENT, PREFIX));
  await writeFile(join(path, OWNER_FILE), await ownName(process.pid));
  // mkdtemp's directories are for their maker alone.
  await chmod(path, 0o755);
  return path;
}

async function removeStale(): Promise<void> {
  for (const name of await readdir(SCRATCH_PARENT)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(SCRATCH_PARENT, name);
    const owner = await readFile(join(path, OWNER_FILE), 'utf8').catch(() => '');
    const pid = Number(owner.split(' ')[0]);
    if (owner !== '' && (await ownName(pid)) === owner) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** A pid is given again some day; with its start time it is one process's for ever. */
async function ownName(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return `${pid} ${started ?? 'gone'}`;
}
