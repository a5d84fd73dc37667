import { BACKUP_EXPORT, NFSROOT_EXPORT, TFTP_EXPORT } from '../../../contract/share-layout.ts';
import type { Areas } from '../settings.ts';
import { comment } from './lines.ts';

/** Areas that lie elsewhere than where boxes mount them from. */
export function movedAreas(areas: Areas): { directory: string; exported: string }[] {
  return [
    { directory: areas.tftpRoot, exported: TFTP_EXPORT },
    { directory: areas.backupRoot, exported: BACKUP_EXPORT },
    { directory: areas.nfsroot, exported: NFSROOT_EXPORT },
  ].filter(({ directory, exported }) => directory !== exported);
}

/** As comment lines; none where all areas lie where the kernel's server exports them from. */
export function bindMounts(areas: Areas): string[] {
  const moved = movedAreas(areas);
  if (moved.length === 0) return [];
  return [
    ...comment(
      '',
      "The kernel's server exports a directory under its own name. Before it starts, mount these areas where boxes look for them: make the directories, put the lines into /etc/fstab, then `mount -a`.",
    ),
    ...moved.map(
      ({ directory, exported }) =>
        `#   ${directory} ${exported} none bind,x-systemd.before=nfs-server.service 0 0`,
    ),
  ];
}
