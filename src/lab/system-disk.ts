import { open } from 'node:fs/promises';
import { readFatFiles, UnbootableDiskError } from './fat16-read.ts';
import { type FatFile, writeFat16 } from './fat16-write.ts';
import { fillerBytes } from './filler.ts';

/** What a virtual testbox's installed system consists of. */
export interface InstalledSystem {
  hostname: string;
  /** What the console shows when it boots. */
  banner: string;
  /** The system's own SSH host key, in OpenSSH's private format: a restore brings it back. */
  hostKey: string;
}

export type DiskInspection =
  | { kind: 'bootable'; system: InstalledSystem }
  | { kind: 'unbootable'; why: string };

const BANNER = 'BANNER.TXT';
const HOSTNAME = 'HOSTNAME.TXT';
const HOST_KEY = 'SSHKEY.PEM';
const DATA_FILES = 8;

/** Makes the disk anew: a sparse file with the system on it, data files filling about half. */
export async function installSystem(
  file: string,
  sizeBytes: number,
  system: InstalledSystem & { seed: number },
): Promise<void> {
  const disk = await open(file, 'w', 0o600);
  try {
    await disk.truncate(sizeBytes);
    const dataBytes = Math.floor(sizeBytes / 2 / DATA_FILES);
    const data = Array.from({ length: DATA_FILES }, (_unused, n) => ({
      name: `DATA${n}.BIN`,
      sizeBytes: dataBytes,
      read: (offset: number, length: number) => fillerBytes(system.seed + n, offset, length),
    }));
    await writeFat16(disk, sizeBytes, [
      textFile(BANNER, `${system.banner}\n`),
      textFile(HOSTNAME, `${system.hostname}\n`),
      textFile(HOST_KEY, system.hostKey),
      ...data,
    ]);
  } finally {
    await disk.close();
  }
}

/** What a firmware and a boot loader would find on the disk. */
export async function inspectDisk(file: string): Promise<DiskInspection> {
  const disk = await open(file, 'r');
  try {
    const files = await readFatFiles(disk, [BANNER, HOSTNAME, HOST_KEY]);
    return {
      kind: 'bootable',
      system: {
        banner: content(files, BANNER).trim(),
        hostname: content(files, HOSTNAME).trim(),
        hostKey: content(files, HOST_KEY),
      },
    };
  } catch (error) {
    if (error instanceof UnbootableDiskError) return { kind: 'unbootable', why: error.message };
    throw error;
  } finally {
    await disk.close();
  }
}

function content(files: ReadonlyMap<string, Buffer>, name: string): string {
  const bytes = files.get(name);
  if (bytes === undefined) throw new UnbootableDiskError(`${name} is missing`);
  return bytes.toString();
}

function textFile(name: string, text: string): FatFile {
  const bytes = Buffer.from(text);
  return { name, sizeBytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
