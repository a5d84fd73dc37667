import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { unlessMissing } from '../../storage/file-error.ts';
import { BOOT_PROGRAMS } from './render/boot-programs.ts';
import type { WantedFile } from './wanted.ts';

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

/** Files that are spoken of as one, and the Debian package that has them. */
export interface BootFiles {
  name: string;
  files: readonly WantedFile[];
  debian: string;
}

export interface FoundBootFiles {
  found: readonly BootFiles[];
  /** Debian packages that aren't installed, or not whole. */
  missingPackages: readonly string[];
}

/** PXELINUX and SYSLINUX as this machine's packages have them. */
export async function findBootFiles(): Promise<FoundBootFiles> {
  const found: BootFiles[] = [];
  const missing = new Set<string>();
  for (const { path, from, debian } of PROGRAMS) {
    const content = await unlessMissing(readFile(from));
    if (content === undefined) missing.add(debian);
    else found.push({ name: path, files: [{ path, content }], debian });
  }
  for (const { name, from, debian } of MODULE_DIRECTORIES) {
    const files = await readTree(from, name);
    if (files.length === 0) missing.add(debian);
    else found.push({ name, files, debian });
  }
  return { found, missingPackages: [...missing] };
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
