import fs from 'node:fs';
import { join } from 'node:path';
import type { PowerCutSettings } from './cells.ts';
import { type Change, recordedChanges } from './undo-log.ts';

const { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } = { ...fs };
const { closeSync, ftruncateSync, openSync, statSync, writeSync } = { ...fs };

/**
 * Takes back all that was not flushed: bytes since the last fsync of their file, names since
 * the last fsync of their folder, newest first. A real machine may lose less of it, and in
 * another order; permissions are not taken back.
 */
export function takeBack({ folder, places }: PowerCutSettings): void {
  const flushed = new Set<number>();
  const recreated = new Map<number, string>();
  for (const change of recordedChanges(folder).reverse()) {
    if (change.kind === 'flushed') flushed.add(change.inode);
    else if (!lasts(change, flushed)) takeBackOne(change, (inode) => recreated.get(inode) ?? find(inode));
    else continue;
  }

  function takeBackOne(
    change: Exclude<Change, { kind: 'flushed' }>,
    pathOf: (inode: number) => string | null,
  ) {
    const entry = ([parent, name]: [number, string]) => {
      const path = pathOf(parent);
      if (path === null) return null;
      makeWritable(path);
      return join(path, name);
    };
    switch (change.kind) {
      case 'data':
        return takeBackData(change, pathOf(change.inode));
      case 'created': {
        const path = entry([change.folder, change.name]);
        // A folder whose name never lasted is lost with all that was flushed into it.
        if (path !== null) rmSync(path, { recursive: true, force: true });
        return;
      }
      case 'removed': {
        const path = entry([change.folder, change.name]);
        if (path !== null) renameSync(change.kept, path);
        return;
      }
      case 'folder-removed': {
        const path = entry([change.folder, change.name]);
        if (path === null) return;
        mkdirSync(path);
        recreated.set(change.inode, path);
        return;
      }
      case 'renamed': {
        const [from, to] = [entry(change.from), entry(change.to)];
        if (from === null || to === null) return;
        renameSync(to, from);
        if (change.kept !== null) renameSync(change.kept, to);
        return;
      }
    }
  }

  function find(inode: number): string | null {
    for (const place of [...places, folder]) {
      const found = findBelow(place, inode);
      if (found !== null) return found;
    }
    return null;
  }
}

function lasts(change: Exclude<Change, { kind: 'flushed' }>, flushed: ReadonlySet<number>): boolean {
  switch (change.kind) {
    case 'data':
      return flushed.has(change.inode);
    case 'renamed':
      return flushed.has(change.to[0]);
    default:
      return flushed.has(change.folder);
  }
}

function takeBackData(change: Extract<Change, { kind: 'data' }>, path: string | null): void {
  if (path === null) return;
  makeWritable(path);
  const fd = openSync(path, 'r+');
  if (change.kept !== null) {
    const bytes = readFileSync(change.kept);
    writeSync(fd, bytes, 0, bytes.length, change.position);
  }
  ftruncateSync(fd, change.sizeBefore);
  closeSync(fd);
}

function makeWritable(path: string): void {
  chmodSync(path, statSync(path).mode | 0o200);
}

function findBelow(path: string, inode: number): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (stat.ino === inode) return path;
  if (!stat.isDirectory()) return null;
  for (const name of readdirSync(path)) {
    const found = findBelow(join(path, name), inode);
    if (found !== null) return found;
  }
  return null;
}
