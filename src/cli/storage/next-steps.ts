import { join } from 'node:path';
import { movedAreas } from './render/bind-mounts.ts';
import type { StorageSettings } from './settings.ts';

/** What is left to a person: which file goes where, and who has to be told. */
export function nextSteps(
  settings: StorageSettings,
  { outputDirectory }: { outputDirectory: string },
): string[] {
  const file = (name: string) => join(outputDirectory, name);
  const mounts =
    movedAreas(settings.areas).length === 0 ? '' : ', after the bind mounts that its first lines name';
  const byTftpd = settings.tftpServer === 'tftpd-hpa';
  return [
    'Next:',
    `  NFS by the kernel (apt install nfs-kernel-server)${mounts}`,
    '    mkdir -p /etc/exports.d',
    `    cp ${file('exports')} /etc/exports.d/testbox.exports && exportfs -ra`,
    '  or NFS by nfs-ganesha (apt install nfs-ganesha nfs-ganesha-vfs)',
    `    cp ${file('ganesha.conf')} /etc/ganesha/ganesha.conf && systemctl restart nfs-ganesha`,
    '  DHCP and TFTP (apt install dnsmasq); beside another DHCP server take dnsmasq-proxy.conf',
    `    cp ${file('dnsmasq.conf')} /etc/dnsmasq.d/testbox.conf && systemctl restart dnsmasq`,
    ...(byTftpd
      ? [
          '  TFTP (apt install tftpd-hpa)',
          `    cp ${file('tftpd-hpa')} /etc/default/tftpd-hpa && systemctl restart tftpd-hpa`,
        ]
      : []),
    '  The maintenance system',
    '    testbox nfsroot build',
  ];
}
