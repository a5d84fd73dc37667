import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StorageConfig } from '../../config/storage-env.ts';
import { removeBegun, syncDirectory, temporaryName } from '../../storage/durable-file.ts';
import { fileErrorCode } from '../../storage/file-error.ts';
import { NfsrootProblem } from './problem.ts';

type BootPlaces = Pick<StorageConfig, 'tftpRoot' | 'kernel' | 'initrd'>;

/** Of a root. */
export interface BootFiles {
  /** As `uname -r` has it. */
  release: string;
  kernel: string;
  initrd: string;
}

/** @throws {NfsrootProblem} when the root has not just one kernel with its modules and initrd */
export async function findBootFiles(root: string): Promise<BootFiles> {
  const releases = (await namesIn(join(root, 'boot')))
    .filter((name) => name.startsWith('vmlinuz-'))
    .map((name) => name.slice('vmlinuz-'.length));
  const [release] = releases;
  if (release === undefined || releases.length > 1) {
    throw new NfsrootProblem(
      `the root has ${releases.length === 0 ? 'no kernel' : `several kernels (${releases.join(', ')})`}: ` +
        "name just one linux-image package in the recipe's packages",
    );
  }
  if ((await namesIn(join(root, 'usr/lib/modules', release))).length === 0) {
    throw new NfsrootProblem(`the root has no modules for its kernel ${release}: look at the build's log`);
  }
  const initrd = join(root, 'boot', `initrd.img-${release}`);
  if (!(await isFile(initrd))) {
    throw new NfsrootProblem(
      `the root has no initrd for its kernel ${release}: name initramfs-tools in the recipe's packages`,
    );
  }
  return { release, kernel: join(root, 'boot', `vmlinuz-${release}`), initrd };
}

/**
 * Puts both into the TFTP area, world-readable whatever the umask: copied and flushed first, then
 * renamed one right after the other.
 */
export async function installBootFiles(
  files: BootFiles,
  { tftpRoot, kernel, initrd }: BootPlaces,
): Promise<string[]> {
  const targets = [join(tftpRoot, kernel), join(tftpRoot, initrd)];
  const sources = [files.kernel, files.initrd];
  for (const target of targets) await makeReadable(tftpRoot, dirname(target));
  for (const target of targets) await removeBegun(target);
  const copies = targets.map(temporaryName);
  try {
    for (const [index, copy] of copies.entries()) await copyDurably(sources[index] ?? '', copy);
    for (const [index, copy] of copies.entries()) await rename(copy, targets[index] ?? '');
  } finally {
    for (const copy of copies) await rm(copy, { force: true });
  }
  for (const directory of new Set(targets.map(dirname))) await syncDirectory(directory);
  return targets;
}

/** Whether the files in the TFTP area are the root's: the ones that are not. */
export async function differingBootFiles(files: BootFiles, places: BootPlaces): Promise<string[]> {
  const pairs = [
    [files.kernel, join(places.tftpRoot, places.kernel)],
    [files.initrd, join(places.tftpRoot, places.initrd)],
  ] as const;
  const differing: string[] = [];
  for (const [own, served] of pairs) {
    if ((await hashOf(own)) !== (await hashOf(served))) differing.push(served);
  }
  return differing;
}

/** Null where there is none. */
async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return null;
    throw error;
  }
  return hash.digest('hex');
}

async function copyDurably(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const file = await open(target, 'r+');
  try {
    await file.chmod(0o644);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Directories that are there keep their mode: somebody chose it. */
async function makeReadable(tftpRoot: string, directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true });
  for (
    let at = directory;
    made !== undefined && at.length >= made.length && at !== tftpRoot;
    at = dirname(at)
  ) {
    const handle = await open(at, 'r');
    await handle.chmod(0o755);
    await handle.close();
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return [];
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    await file.close();
    return true;
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
