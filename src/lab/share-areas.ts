import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BACKUP_MARKER, BOOT_CONFIG_DIRECTORY, TFTP_MARKER } from '../contract/share-layout.ts';

/** The storage share's areas, as directories of this machine. */
export interface ShareAreas {
  tftpRoot: string;
  backupRoot: string;
}

/** The seed's own `pxelinux.cfg/default`: boot the local disk. */
const DEFAULT_CONFIG = 'PATH bios\nDEFAULT local-boot\nLABEL local-boot\nLOCALBOOT\n';

/** Virtual boxes load no code from here: that the files are there is all their firmware checks. */
const STUB = 'A stand-in: virtual testboxes only look whether this file is there.\n';

/** Lays out what isn't there yet; what is there stays as it is. */
export async function layOutShare(areas: ShareAreas): Promise<void> {
  const { tftpRoot, backupRoot } = areas;
  const files: [string, string][] = [
    [join(tftpRoot, TFTP_MARKER), STUB],
    [join(tftpRoot, 'ldlinux.c32'), STUB],
    [join(tftpRoot, 'maintenance-boot', 'vmlinuz'), STUB],
    [join(tftpRoot, 'maintenance-boot', 'initrd.img'), STUB],
    [join(tftpRoot, BOOT_CONFIG_DIRECTORY, 'default'), DEFAULT_CONFIG],
    [join(backupRoot, BACKUP_MARKER), ''],
  ];
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    if ((await stat(path).catch(() => undefined)) === undefined) await writeFile(path, text, { mode: 0o644 });
  }
}
