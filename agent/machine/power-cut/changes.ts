import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { changeAlone, type PowerCutSettings } from './cells.ts';
import { tally } from './tally.ts';
import { entryOf, keep, record, recordData } from './undo-log.ts';

// The functions as they are before anything is put in their place.
const real = { ...fs };

/** Every way in which the agent changes disk or share, each counted and able to be taken back. */
export class CountedChanges {
  readonly #settings: PowerCutSettings;

  constructor(settings: PowerCutSettings) {
    this.#settings = settings;
  }

  write(fd: number, bytes: NodeJS.ArrayBufferView, position: number | null): number {
    return changeAlone(this.#settings, () => {
      recordData(this.#settings, { fd, position, length: bytes.byteLength });
      tally(this.#settings, { fd, way: 'written', bytes: bytes.byteLength });
      return real.writeSync(fd, bytes, 0, bytes.byteLength, position);
    });
  }

  zero(range: { fd: number; position: number; lengthBytes: number }, make: () => boolean): boolean {
    const { fd, position, lengthBytes: length } = range;
    return changeAlone(this.#settings, () => {
      recordData(this.#settings, { fd, position, length });
      tally(this.#settings, { fd, way: 'made zero', bytes: length });
      return make();
    });
  }

  /** Cuts a file off at a length. */
  truncate(fd: number, length: number): void {
    changeAlone(this.#settings, () => {
      const gone = Math.max(0, real.fstatSync(fd).size - length);
      recordData(this.#settings, { fd, position: length, length: gone });
      real.ftruncateSync(fd, length);
    });
  }

  sync(fd: number): void {
    changeAlone(this.#settings, () => {
      real.fsyncSync(fd);
      record(this.#settings, { kind: 'flushed', inode: real.fstatSync(fd).ino });
    });
  }

  /** Makes an empty file. @throws EEXIST */
  create(path: string, mode: number): void {
    this.#make(path, () => real.closeSync(real.openSync(path, 'wx', mode)));
  }

  symlink(target: string, path: string): void {
    this.#make(path, () => real.symlinkSync(target, path));
  }

  link(from: string, path: string): void {
    this.#make(path, () => real.linkSync(from, path));
  }

  makeFolder(path: string, options: { recursive: boolean; mode: number }): void {
    if (options.recursive && real.existsSync(path)) return;
    if (options.recursive) this.makeFolder(dirname(path), options);
    this.#make(path, () => real.mkdirSync(path, options.mode));
  }

  rename(from: string, to: string): void {
    changeAlone(this.#settings, () => {
      const kept = keep(this.#settings, to);
      real.renameSync(from, to);
      record(this.#settings, { kind: 'renamed', from: entryOf(from), to: entryOf(to), kept });
    });
  }

  remove(path: string, options: { recursive: boolean; force: boolean }): void {
    const stat = real.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined && options.force) return;
    if (stat?.isDirectory() && options.recursive) {
      for (const name of real.readdirSync(path)) this.remove(join(path, name), options);
      this.#removeFolder(path, stat.ino);
    } else this.#removeFile(path);
  }

  #removeFile(path: string): void {
    changeAlone(this.#settings, () => {
      const kept = keep(this.#settings, path);
      real.unlinkSync(path);
      const [folder, name] = entryOf(path);
      if (kept !== null) record(this.#settings, { kind: 'removed', folder, name, kept });
    });
  }

  #removeFolder(path: string, inode: number): void {
    changeAlone(this.#settings, () => {
      real.rmdirSync(path);
      const [folder, name] = entryOf(path);
      record(this.#settings, { kind: 'folder-removed', folder, name, inode });
    });
  }

  #make(path: string, make: () => void): void {
    changeAlone(this.#settings, () => {
      make();
      const [folder, name] = entryOf(path);
      record(this.#settings, { kind: 'created', folder, name });
    });
  }
}
