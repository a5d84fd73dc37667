import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Disk, type DiskIdentity, DiskSlot } from '../../src/contract/disk.ts';

const SECTOR_BYTES = 512;
/** Not disks, or made of disks. `mmcblk0boot0` and `rpmb` are parts of a chip that look like disks. */
const NOT_DISKS = /^(?:loop|zram|ram|dm-|md|nbd|sr|fd|drbd|zd|mtdblock)|^mmcblk\d+(?:boot\d+|rpmb)$/;

export interface DiskPlaces {
  sys: string;
  proc: string;
  dev: string;
  alsoDisks: readonly string[];
}

/** Whole disks as the kernel shows them, also those that can't be imaged, by name. */
export async function listLinuxDisks(places: DiskPlaces): Promise<Disk[]> {
  const names = (await readdir(join(places.sys, 'block'))).filter(
    (name) => DiskSlot.safeParse(name).success && (places.alsoDisks.includes(name) || !NOT_DISKS.test(name)),
  );
  const paths = await byPathNames(places);
  const inUse = await devicesInUse(places);
  return await Promise.all(
    names.sort().map(async (name) => {
      const block = join(places.sys, 'block', name);
      const sizeBytes = Number((await readText(join(block, 'size'))) ?? 0) * SECTOR_BYTES;
      return Disk.parse({
        kernelName: name,
        identity: { ...(await identityOf(block)), path: paths.get(name) ?? null },
        sizeBytes,
        sectorSizeBytes: Number((await readText(join(block, 'queue/logical_block_size'))) ?? SECTOR_BYTES),
        unusable: sizeBytes === 0 ? 'no medium' : await whyUnusable(block, inUse),
      });
    }),
  );
}

async function identityOf(block: string): Promise<Omit<DiskIdentity, 'path'>> {
  const wwid = (await readText(join(block, 'wwid'))) ?? (await readText(join(block, 'device/wwid')));
  return {
    // "t10." and "nvme." are made of model and serial by the kernel: no identity of their own.
    wwn: wwid !== null && /^(?:naa|eui|uuid)\./.test(wwid) ? wwid.slice(0, 128) : null,
    model: (await readText(join(block, 'device/model'))) ?? (await readText(join(block, 'device/name'))),
    serial:
      (await readText(join(block, 'device/serial'))) ??
      (await readText(join(block, 'serial'))) ??
      (await readSerialPage(join(block, 'device/vpd_pg80'))),
  };
}

/** SCSI's unit serial number page: four bytes of header, then text. */
async function readSerialPage(path: string): Promise<string | null> {
  const page = await readFile(path).catch(() => null);
  const text =
    page
      ?.subarray(4)
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, '')
      .trim() ?? '';
  return text === '' ? null : text.slice(0, 128);
}

async function whyUnusable(block: string, inUse: ReadonlyMap<string, string>): Promise<string | null> {
  if (/\/usb\d+\//.test(await realpath(block))) return 'USB';
  if ((await readText(join(block, 'removable'))) === '1') return 'removable';
  if ((await readText(join(block, 'ro'))) === '1') return 'read-only';
  const partitions = (await readdir(block)).filter((name) => name.startsWith(basename(block)));
  for (const folder of [block, ...partitions.map((name) => join(block, name))]) {
    const use = inUse.get((await readText(join(folder, 'dev'))) ?? '') ?? inUse.get(basename(folder));
    if (use !== undefined) return `/dev/${basename(folder)} is ${use}`;
    const holders = await readdir(join(folder, 'holders')).catch((): string[] => []);
    if (holders.length > 0) return `/dev/${basename(folder)} is held by ${holders.join(', ')}`.slice(0, 200);
  }
  return null;
}

/** What is mounted (by device number) or swapped to (by name). */
async function devicesInUse(places: DiskPlaces): Promise<Map<string, string>> {
  const inUse = new Map<string, string>();
  const mounts = (await readText(join(places.proc, 'self/mountinfo'))) ?? '';
  for (const line of mounts.split('\n')) {
    const [, , device, , mountPoint] = line.split(' ');
    if (device !== undefined) inUse.set(device, `mounted at ${mountPoint}`.slice(0, 150));
  }
  const swaps = (await readText(join(places.proc, 'swaps'))) ?? '';
  for (const line of swaps.split('\n').slice(1)) {
    const [device] = line.split(/\s+/);
    if (device?.startsWith('/dev/')) inUse.set(basename(device), 'used as swap');
  }
  return inUse;
}

/** The stable name below /dev/disk/by-path of each disk that has one. */
async function byPathNames(places: DiskPlaces): Promise<Map<string, string>> {
  const folder = join(places.dev, 'disk/by-path');
  const names = await readdir(folder).catch((): string[] => []);
  const found = new Map<string, string>();
  for (const name of names.sort()) {
    const target = await readlink(join(folder, name)).catch(() => null);
    if (target !== null && !/-part\d+$/.test(name) && !found.has(basename(target))) {
      found.set(basename(target), name.slice(0, 256));
    }
  }
  return found;
}

async function readText(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
