import fs, { type PathLike } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { PowerCutSettings } from './cells.ts';
import { CountedChanges } from './changes.ts';

const STANDARD_STREAMS = 2;
const NEW_FILE_MODE = 0o666;

/**
 * Puts counted changes in the place of Node's own in this thread, for all modules: imaging
 * and generations stay as they are on hardware. What the agent doesn't use is not modelled.
 */
export function patchFiles(settings: PowerCutSettings): void {
  const changes = new CountedChanges(settings);
  const { openSync, closeSync, writeSync, existsSync } = { ...fs };
  const { open } = { ...fs.promises };

  const createIfMissing = (path: string, mode: number) => {
    if (!existsSync(path)) changes.create(path, mode);
  };
  const append = (path: string, data: string) => {
    const fd = openSync(path, 'a');
    try {
      changes.write(fd, Buffer.from(data), null);
    } finally {
      closeSync(fd);
    }
  };

  Object.assign(fs, {
    writeSync(fd: number, bytes: Buffer, offset: number, length: number, position: number | null) {
      if (fd <= STANDARD_STREAMS) return writeSync(fd, bytes, offset, length, position);
      return changes.write(fd, bytes.subarray(offset, offset + length), position);
    },
  });
  Object.assign(fs.promises, {
    async open(path: PathLike, flags: string | number = 'r', mode: number = NEW_FILE_MODE) {
      if (flags === 'wx') changes.create(String(path), mode);
      else if (flags === 'a+') createIfMissing(String(path), mode);
      else if (typeof flags === 'string' && flags !== 'r' && flags !== 'r+')
        throw new Error(`a power cut doesn't model ${flags}`);
      return counted(await open(path, flags === 'wx' ? 'r+' : flags), changes);
    },
    async writeFile(path: string, data: string, options: { flag: string; mode: number }) {
      if (options.flag !== 'wx') throw new Error(`a power cut doesn't model ${options.flag}`);
      changes.create(path, options.mode);
      if (data !== '') append(path, data);
    },
    async appendFile(path: string, data: string) {
      createIfMissing(path, NEW_FILE_MODE);
      append(path, data);
    },
    mkdir: async (path: string, options: { recursive?: boolean; mode?: number } = {}) =>
      changes.makeFolder(path, { recursive: options.recursive ?? false, mode: options.mode ?? 0o777 }),
    rm: async (path: string, options: { recursive?: boolean; force?: boolean } = {}) =>
      changes.remove(path, { recursive: options.recursive ?? false, force: options.force ?? false }),
    rename: async (from: string, to: string) => changes.rename(from, to),
    link: async (from: string, to: string) => changes.link(from, to),
    symlink: async (target: string, path: string) => changes.symlink(target, path),
  });
  syncBuiltinESMExports();
}

/** The handle's own ways to write; without a position the agent uses them at the end of a file only. */
function counted(file: FileHandle, changes: CountedChanges): FileHandle {
  const add = async (data: string | Uint8Array) => {
    changes.write(file.fd, Buffer.from(data), null);
  };
  return Object.assign(file, {
    appendFile: add,
    writeFile: add,
    write: async (bytes: Buffer, offset: number, length: number, position: number) => ({
      bytesWritten: changes.write(file.fd, bytes.subarray(offset, offset + length), position),
    }),
    sync: async () => changes.sync(file.fd),
  });
}
