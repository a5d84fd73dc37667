import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Disk, unrelated and changed data, target, and two images of what does not compress; a link. */
const ROOM_FACTOR = 7;
const MEMORY = '/dev/shm';

/** A folder in memory when there is room, where no disk's speed stands between the tools. */
export async function makeWorkplace(sizeBytes: number): Promise<{ folder: string; inMemory: boolean }> {
  const inMemory = (await freeBytes(MEMORY)) > sizeBytes * ROOM_FACTOR;
  return { folder: await mkdtemp(join(inMemory ? MEMORY : tmpdir(), 'testbox-bench-')), inMemory };
}

async function freeBytes(place: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(place);
    return bavail * bsize;
  } catch {
    return 0; // not every system has it
  }
}
