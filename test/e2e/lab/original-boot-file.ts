import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_ADDRESS } from './settings.ts';

/**
 * A boot config as the script of the original writes it, word by word, but for what its
 * administrator edits: server, gateway, mask, kernel and initrd.
 */
export async function writeOriginalBootFile(
  tftpRoot: string,
  { address, action }: { address: string; action: string },
): Promise<string> {
  const hex = address
    .split('.')
    .map((octet) => Number(octet).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
  const file = join(tftpRoot, 'pxelinux.cfg', hex);
  const append = [
    'initrd=maintenance-boot/initrd.img',
    `testbox-action-${action}`,
    'ro aufs=tmpfs boot=nfs root=/dev/nfs',
    `nfsroot=${SERVER_ADDRESS}:/export/testbox-nfsroot,ro,tcp nfsvers=3 nfsrootdebug`,
    `ip=${address}:${SERVER_ADDRESS}:${SERVER_ADDRESS}:255.255.255.0:maintenance:eth0`,
  ].join(' ');
  const lines = [
    'PATH bios',
    'DEFAULT maintenance',
    'LABEL maintenance',
    '  MENU LABEL Maintenance (NFS)',
    '  KERNEL maintenance-boot/vmlinuz',
    `  APPEND ${append}`,
    'LABEL local-boot',
    'LOCALBOOT',
    '',
  ];
  await writeFile(file, lines.join('\n'));
  return file;
}
