import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PowerCutSettings } from './cells.ts';

/** A change as it can be taken back. Inodes stand for files and folders, as names change. */
export type Change =
  | { kind: 'data'; inode: number; position: number; length: number; sizeBefore: number; kept: string | null }
  | { kind: 'created'; folder: number; name: string }
  | { kind: 'removed'; folder: number; name: string; kept: string }
  | { kind: 'folder-removed'; folder: number; name: string; inode: number }
  | { kind: 'renamed'; from: [number, string]; to: [number, string]; kept: string | null }
  /** All earlier changes to this file, or to the entries of this folder, last. */
  | { kind: 'flushed'; inode: number };

// The functions as they are before anything is put in their place.
const { appendFileSync, closeSync, fstatSync, linkSync, lstatSync, openSync } = { ...fs };
const { readFileSync, readSync, statSync, writeSync } = { ...fs };
let drawn = 0;

export function record({ folder, cut }: PowerCutSettings, change: Change): void {
  if (cut.loseUnflushed) appendFileSync(join(folder, 'log'), `${JSON.stringify(change)}\n`);
}

export function recordedChanges(folder: string): Change[] {
  const text = readFileSync(join(folder, 'log'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Change => JSON.parse(line));
}

/** Before `length` bytes are written at a position; null is the end. */
export function recordData(
  settings: PowerCutSettings,
  write: { fd: number; position: number | null; length: number },
): void {
  if (!settings.cut.loseUnflushed) return;
  const { ino: inode, size: sizeBefore } = fstatSync(write.fd);
  const position = write.position ?? sizeBefore;
  const before = Buffer.alloc(Math.max(0, Math.min(write.length, sizeBefore - position)));
  let kept: string | null = null;
  if (before.length > 0) {
    readBefore(write.fd, before, position);
    kept = newName(settings);
    writeNew(kept, before);
  }
  record(settings, { kind: 'data', inode, position, length: write.length, sizeBefore, kept });
}

/** By another descriptor: one that goes past the page cache reads into few places only. */
function readBefore(fd: number, into: Buffer, position: number): void {
  const own = openSync(`/proc/self/fd/${fd}`, 'r');
  readSync(own, into, 0, into.length, position);
  closeSync(own);
}

/** Not by `writeFileSync`, which writes buffers by the very function that was replaced. */
function writeNew(path: string, bytes: Buffer): void {
  const fd = openSync(path, 'wx');
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  closeSync(fd);
}

/** Keeps the file behind a name that is about to go or to be replaced; null when there is none. */
export function keep(settings: PowerCutSettings, path: string): string | null {
  if (!settings.cut.loseUnflushed || lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const kept = newName(settings);
  linkSync(path, kept);
  return kept;
}

/** A name by its folder's inode. */
export function entryOf(path: string): [number, string] {
  return [statSync(dirname(path)).ino, basename(path)];
}

function newName({ folder }: PowerCutSettings): string {
  drawn += 1;
  return join(folder, `${process.pid}.${process.hrtime.bigint()}.${drawn}`);
}
