import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** What can't be read of a file that stands for a disk. */
export interface BadSectors {
  inode: number;
  /** Numbers of sectors of 512 bytes. */
  sectors: readonly number[];
}

const DATA = 'testbox-bad-sectors';
const SECTOR_BYTES = 512;
const PAGE_BYTES = 4096;
/** The entry of worker threads that meet them. */
export const BAD_SECTORS_WORKER = new URL('./bad-sectors-worker.ts', import.meta.url);

/** For threads that begin after this. */
export function setBadSectors(bad: BadSectors | null): void {
  setEnvironmentData(DATA, bad ?? undefined);
}

/**
 * Makes reads of this thread fail as the kernel's do: by way of the page cache a whole page fails,
 * and a read that comes to it gives what lies before it first.
 */
export function meetBadSectors(): void {
  const bad = getEnvironmentData(DATA);
  if (!isBadSectors(bad)) return;
  const { readSync, fstatSync } = { ...fs };
  const pages = new Set(bad.sectors.map((sector) => Math.floor((sector * SECTOR_BYTES) / PAGE_BYTES)));
  Object.assign(fs, {
    readSync(fd: number, into: Buffer, offset: number, length: number, position: number) {
      if (fstatSync(fd).ino !== bad.inode) return readSync(fd, into, offset, length, position);
      const first = Math.floor(position / PAGE_BYTES);
      const last = Math.floor((position + length - 1) / PAGE_BYTES);
      let page = first;
      while (page <= last && !pages.has(page)) page += 1;
      if (page > last) return readSync(fd, into, offset, length, position);
      const before = page * PAGE_BYTES - position;
      if (before > 0) return readSync(fd, into, offset, before, position);
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    },
  });
  syncBuiltinESMExports();
}

function isBadSectors(value: unknown): value is BadSectors {
  return value !== null && typeof value === 'object' && 'inode' in value && 'sectors' in value;
}
