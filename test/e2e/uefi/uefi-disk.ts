import { chmod, copyFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostProgram } from '../lab/host-program.ts';
import { ownCommandLine, packOwnPart } from '../lab/tiny-disk.ts';
import { packInitrd, type TinySystem } from '../lab/tiny-system.ts';

const SOURCES = fileURLToPath(new URL('./own-part/', import.meta.url));
const MEBIBYTE = 1024 * 1024;
const DISK_BYTES = 128 * MEBIBYTE;
const PARTITION = { start: MEBIBYTE, bytes: 64 * MEBIBYTE };
const LOADER_MODULES = ['part_gpt', 'fat', 'linux', 'boot', 'echo', 'search_fs_file'];

/** The same for each disk that is made: a restored disk and a new one can be told apart. */
const PARTITION_TABLE = `label: gpt
label-id: 7e57b0c5-0000-4000-8000-0000000000d1
start=1MiB, size=64MiB, type=uefi, uuid=7e57b0c5-0000-4000-8000-0000000000e5
`;

/** Makes the disk of a box that boots by UEFI: GPT, and an ESP with GRUB and the tiny system. */
export async function makeUefiDisk(
  file: string,
  box: { name: string; address: string },
  from: { system: TinySystem; root: string },
): Promise<void> {
  const work = `${file}.work`;
  await mkdir(work, { recursive: true });
  const partition = join(work, 'esp.fat');
  await hostProgram(['mkfs.vfat', '-C', partition, String(PARTITION.bytes / 1024)]);
  for (const directory of ['::/EFI', '::/EFI/BOOT']) await hostProgram(['mmd', '-i', partition, directory]);
  const files = [
    [from.system.kernel, 'vmlinuz'],
    [from.system.initrd, 'tiny.img'],
    [await packOwnPart(work, box), 'own.img'],
    [await packUefiPart(work, from.root), 'uefi.img'],
    [await makeLoader(work, box), 'EFI/BOOT/BOOTX64.EFI'],
  ] as const;
  for (const [source, name] of files) await hostProgram(['mcopy', '-i', partition, source, `::${name}`]);

  await using disk = await open(file, 'w', 0o600);
  await disk.truncate(DISK_BYTES);
  const table = join(work, 'table');
  await writeFile(table, PARTITION_TABLE);
  await hostProgram(['sh', '-c', 'sfdisk --quiet "$1" <"$2"', 'divide', file, table]);
  const esp = await readFile(partition);
  await disk.write(esp, 0, esp.length, PARTITION.start);
  await rm(work, { recursive: true });
}

/** The loader where every firmware looks for one on a disk that it doesn't know. */
async function makeLoader(
  work: string,
  { name, address }: { name: string; address: string },
): Promise<string> {
  const config = join(work, 'loader.cfg');
  const loader = join(work, 'loader.efi');
  const words = ownCommandLine({
    name,
    address,
    edition: 'as-installed',
    dataBytes: 0,
    sizeBytes: DISK_BYTES,
  });
  await writeFile(
    config,
    `search --file --set=root /tiny.img\nlinux /vmlinuz ${words}\ninitrd /tiny.img /own.img /uefi.img\nboot\n`,
  );
  await hostProgram([
    ...(['grub-mkimage', '--format=x86_64-efi', '--prefix=/EFI/BOOT'] as const),
    ...[`--config=${config}`, `--output=${loader}`, 'search', ...LOADER_MODULES],
  ]);
  return loader;
}

/** What reaches the firmware's variables. */
async function packUefiPart(work: string, root: string): Promise<string> {
  const tree = join(work, 'uefi');
  await mkdir(join(tree, 'modules'), { recursive: true });
  await mkdir(join(tree, 'bin'));
  await copyFile(join(SOURCES, 'boot-network-once'), join(tree, 'bin/boot-network-once'));
  await chmod(join(tree, 'bin/boot-network-once'), 0o755);
  const [version = ''] = await readdir(join(root, 'lib/modules'));
  const module = join(root, 'lib/modules', version, 'kernel/fs/efivarfs/efivarfs.ko.xz');
  await hostProgram(['sh', '-c', 'xz -dc "$1" >"$2"', 'unpack', module, join(tree, 'modules/efivarfs.ko')]);
  const file = join(work, 'uefi.img');
  await packInitrd(tree, file);
  return file;
}
