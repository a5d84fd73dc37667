import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { unlessMissing } from '../../storage/file-error.ts';
import { GRUB_SCRIPT_MARK } from './grub/script.ts';
import { grubFiles } from './grub.ts';
import { BOOT_PROGRAMS } from './render/boot-programs.ts';
import type { StorageSettings } from './settings.ts';

const MODULES = '/usr/lib/syslinux/modules';

/** What the TFTP area gets of Debian's packages, by the path there. */
const PROGRAMS: readonly { path: string; from: string; debian: string }[] = [
  { path: BOOT_PROGRAMS.bios, from: '/usr/lib/PXELINUX/pxelinux.0', debian: 'pxelinux' },
  { path: BOOT_PROGRAMS.efi32, from: '/usr/lib/SYSLINUX.EFI/efi32/syslinux.efi', debian: 'syslinux-efi' },
  { path: BOOT_PROGRAMS.efi64, from: '/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi', debian: 'syslinux-efi' },
  { path: 'ldlinux.c32', from: `${MODULES}/bios/ldlinux.c32`, debian: 'syslinux-common' },
  { path: 'ldlinux.e32', from: `${MODULES}/efi32/ldlinux.e32`, debian: 'syslinux-common' },
  { path: 'ldlinux.e64', from: `${MODULES}/efi64/ldlinux.e64`, debian: 'syslinux-common' },
];

const MODULE_DIRECTORIES = ['bios', 'efi32', 'efi64'].map((name) => ({
  name,
  from: join(MODULES, name),
  debian: 'syslinux-common',
}));

/** A file of a set, by its path below the TFTP root. */
export interface WantedFile {
  path: string;
  content: Uint8Array;
}

/** Files that are spoken of as one. */
export interface BootFiles {
  name: string;
  files: readonly WantedFile[];
  /** Where they come from, for people. */
  source: string;
  /** A text that files of our own making have in them: those are renewed. Null for others' files. */
  ownMark: string | null;
}

export interface FoundBootFiles {
  found: readonly BootFiles[];
  /** Debian packages that have to be installed, or are not whole. */
  missingPackages: readonly string[];
  /** What is left out and isn't missed, as sentences. */
  notes: readonly string[];
}

/**
 * PXELINUX and SYSLINUX as this machine's packages have them, and GRUB where it can be made.
 *
 * @property needsGrub some box comes to its own disk by GRUB
 */
export async function findBootFiles({
  needsGrub,
  serverAddress,
}: Pick<StorageSettings, 'serverAddress'> & { needsGrub: boolean }): Promise<FoundBootFiles> {
  const found: BootFiles[] = [];
  const missing = new Set<string>();
  for (const { path, from, debian } of PROGRAMS) {
    const content = await unlessMissing(readFile(from));
    if (content === undefined) missing.add(debian);
    else
      found.push({ name: path, files: [{ path, content }], source: `the package ${debian}`, ownMark: null });
  }
  for (const { name, from, debian } of MODULE_DIRECTORIES) {
    const files = await readTree(from, name);
    if (files.length === 0) missing.add(debian);
    else found.push({ name, files, source: `the package ${debian}`, ownMark: null });
  }
  const grub = await grubFiles(serverAddress);
  if (grub.kind === 'files') {
    for (const file of grub.files)
      found.push({ name: file.path, files: [file], source: 'this program', ownMark: GRUB_SCRIPT_MARK });
    return { found, missingPackages: [...missing], notes: [] };
  }
  if (needsGrub) return { found, missingPackages: [...missing, ...grub.packages], notes: [] };
  const packages = grub.packages.join(' ');
  const note = `grub/ is left out, which only boxes with "uefi-local-boot: grub" need: \`apt-get install --no-install-recommends ${packages}\` and another run bring it`;
  return { found, missingPackages: [...missing], notes: [note] };
}

/** All plain files below a directory; none where there is no such directory. */
async function readTree(from: string, to: string): Promise<WantedFile[]> {
  const entries = (await unlessMissing(readdir(from, { recursive: true, withFileTypes: true }))) ?? [];
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.toSorted().map(async (path) => ({
      path: join(to, relative(from, path)),
      content: await readFile(path),
    })),
  );
}
