import { createCipheriv, createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostProgram } from './host-program.ts';
import { packInitrd, type TinySystem } from './tiny-system.ts';

const MEBIBYTE = 1024 * 1024;
const SECTOR = 512;
const BOOT_PARTITION = { startBytes: MEBIBYTE, sizeBytes: 64 * MEBIBYTE };
const DATA_START = 80 * MEBIBYTE;
const MBR_CODE = '/usr/lib/syslinux/mbr/mbr.bin';

/** How a box's own system is known. */
export interface Installation {
  name: string;
  address: string;
  /** Shown when it boots. */
  edition: string;
  /** Noise after the boot partition: what imaging takes its time for. */
  dataBytes: number;
  sizeBytes: number;
}

/** Makes the disk of a box that boots by BIOS: SYSLINUX, the tiny system, and data. */
export async function makeTinyDisk(file: string, system: TinySystem, box: Installation): Promise<void> {
  const work = `${file}.work`;
  await mkdir(work, { recursive: true });
  const partition = join(work, 'boot.fat');
  const sectors = String(BOOT_PARTITION.startBytes / SECTOR);
  await hostProgram([
    'mkfs.vfat',
    '-C',
    '-n',
    'TINY',
    '-h',
    sectors,
    partition,
    String(BOOT_PARTITION.sizeBytes / 1024),
  ]);
  const own = await packOwnPart(work, box);
  await writeFile(join(work, 'syslinux.cfg'), bootMenu(box));
  const files = [
    [system.kernel, 'vmlinuz'],
    [system.initrd, 'tiny.img'],
    [own, 'own.img'],
    [join(work, 'syslinux.cfg'), 'syslinux.cfg'],
  ] as const;
  for (const [from, to] of files) await hostProgram(['mcopy', '-i', partition, from, `::${to}`]);
  await hostProgram(['syslinux', '--install', partition]);

  await using disk = await open(file, 'w', 0o600);
  await disk.truncate(box.sizeBytes);
  const boot = await readFile(partition);
  await disk.write(boot, 0, boot.length, BOOT_PARTITION.startBytes);
  await disk.write(partitionTable(await readFile(MBR_CODE)), 0, SECTOR, 0);
  const data = noise(box.name, box.dataBytes);
  await disk.write(data, 0, data.length, DATA_START);
  await rm(work, { recursive: true });
}

/** Host key and whatever else differs between boxes. A restore brings all of it back. */
export async function packOwnPart(work: string, box: Pick<Installation, 'name'>): Promise<string> {
  const tree = join(work, 'own');
  await mkdir(join(tree, 'etc/dropbear'), { recursive: true });
  const key = join(tree, 'etc/dropbear/host-key');
  await rm(key, { force: true });
  await hostProgram(['dropbearkey', '-t', 'ed25519', '-f', key]);
  await writeFile(join(tree, 'etc/hostname'), `${box.name}\n`);
  const file = join(work, 'own.img');
  await packInitrd(tree, file);
  return file;
}

/** The kernel command line of the box's own system. */
export function ownCommandLine({ name, address, edition }: Installation): string {
  return `console=ttyS0,115200 quiet net.ifnames=0 panic=5 tiny.name=${name} tiny.address=${address} tiny.edition=${edition}`;
}

/** Overwrites stretches early, in the middle and late, of data and of what was zero, as a test run does. */
export async function dirtyDisk(file: string): Promise<void> {
  await using disk = await open(file, 'r+');
  const bytes = noise(`dirt of ${Date.now()}`, 16 * MEBIBYTE);
  const { size } = await disk.stat();
  for (const offset of [
    DATA_START - 4 * MEBIBYTE,
    DATA_START + 40 * MEBIBYTE + 12_345,
    size - 40 * MEBIBYTE,
  ]) {
    await disk.write(bytes, 0, bytes.length, offset);
  }
}

/** Wipes what a firmware and a boot loader look for. */
export async function wipeBootSectors(file: string): Promise<void> {
  await using disk = await open(file, 'r+');
  await disk.write(Buffer.alloc(4 * MEBIBYTE), 0, 4 * MEBIBYTE, 0);
}

/** The same bytes for the same seed, and no gzip makes them shorter. */
function noise(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

function bootMenu(box: Installation): string {
  return [
    'SERIAL 0 115200',
    'DEFAULT tiny',
    'LABEL tiny',
    '  KERNEL vmlinuz',
    '  INITRD tiny.img,own.img',
    `  APPEND ${ownCommandLine(box)}`,
    '',
  ].join('\n');
}

/** One active partition. https://en.wikipedia.org/wiki/Master_boot_record */
function partitionTable(code: Buffer): Buffer {
  const sector = Buffer.alloc(SECTOR);
  code.copy(sector, 0, 0, 440);
  const entry = sector.subarray(446);
  entry.writeUInt8(0x80, 0);
  entry.fill(0xff, 1, 4); // addresses in cylinders that nobody reads
  entry.writeUInt8(0x0c, 4);
  entry.fill(0xff, 5, 8);
  entry.writeUInt32LE(BOOT_PARTITION.startBytes / SECTOR, 8);
  entry.writeUInt32LE(BOOT_PARTITION.sizeBytes / SECTOR, 12);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
