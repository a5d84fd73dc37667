import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestboxAddress } from '../../contract/address.ts';
import { grubScript } from './grub/script.ts';
import { GRUB_IMAGE } from './render/boot-programs.ts';

const IMAGE_FORMAT = 'x86_64-efi';
const MODULES_DIRECTORY = `/usr/lib/grub/${IMAGE_FORMAT}`;
const MODULES = [
  ...['normal', 'minicmd', 'memdisk', 'tar', 'test', 'true', 'echo', 'sleep', 'eval', 'regexp'],
  ...['efinet', 'net', 'tftp', 'syslinuxcfg', 'linux', 'boot', 'reboot'],
  ...['part_gpt', 'part_msdos', 'fat', 'chain'],
  // Without a video driver the kernel gets no framebuffer, and the box no picture.
  ...['efi_gop', 'efi_uga'],
];

export type GrubFiles =
  /** Paths are relative to the TFTP root. */
  | { kind: 'files'; files: { path: string; content: Buffer }[] }
  /** Debian packages that have to be installed first. */
  | { kind: 'missing'; packages: string[] };

/**
 * The second way of booting a UEFI box's own disk: one image that needs no further file of its
 * own. The same installed packages and the same server give the same bytes.
 *
 * @param storageServer who serves TFTP, as boxes reach it; null believes what DHCP says
 */
export async function grubFiles(storageServer: TestboxAddress | null): Promise<GrubFiles> {
  const packages = await missingPackages();
  if (packages.length > 0) return { kind: 'missing', packages };
  return {
    kind: 'files',
    files: [{ path: GRUB_IMAGE, content: await grubImage(grubScript(storageServer)) }],
  };
}

async function missingPackages(): Promise<string[]> {
  const needed = [
    { file: '/usr/bin/grub-mkimage', package: 'grub-common' },
    { file: join(MODULES_DIRECTORY, 'moddep.lst'), package: 'grub-efi-amd64-bin' },
  ];
  const found = await Promise.all(
    needed.map(({ file }) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return needed.filter((_unused, position) => found[position] !== true).map((one) => one.package);
}

async function grubImage(script: string): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-grub-'));
  try {
    const image = join(directory, 'core.efi');
    const memdisk = join(directory, 'memdisk.tar');
    const start = join(directory, 'start.cfg');
    await writeFile(join(directory, 'grub.cfg'), script);
    await writeFile(start, 'normal (memdisk)/grub.cfg\n');
    const run = promisify(execFile);
    await run('tar', [
      ...['--create', `--file=${memdisk}`, `--directory=${directory}`, '--format=ustar'],
      ...['--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=0644', 'grub.cfg'],
    ]);
    await run('/usr/bin/grub-mkimage', [
      ...[`--format=${IMAGE_FORMAT}`, `--directory=${MODULES_DIRECTORY}`],
      ...[
        `--memdisk=${memdisk}`,
        `--config=${start}`,
        '--prefix=(memdisk)/',
        `--output=${image}`,
        ...MODULES,
      ],
    ]);
    return await readFile(image);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
