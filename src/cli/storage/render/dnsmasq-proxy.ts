import type { StorageBox, StorageSettings } from '../settings.ts';
import { BOOT_PROGRAMS, GRUB_IMAGE } from './boot-programs.ts';
import { listening, routerAdvertisement, tftp } from './dnsmasq.ts';
import { type Configuration, comment, configuration, origin } from './lines.ts';

/** For a lab that has a DHCP server already: it gives the addresses, dnsmasq adds what to boot. */
export function renderDnsmasqProxy(settings: StorageSettings): Configuration {
  const { network } = settings;
  const { bios, efi32, efi64 } = BOOT_PROGRAMS;
  return configuration('dnsmasq-proxy.conf', [
    ...comment(
      'Proxy DHCP and TFTP for testboxes, by dnsmasq, beside a DHCP server that is there already and stays as it is. Copy to /etc/dnsmasq.d/testbox.conf, then run `dnsmasq --test && systemctl restart dnsmasq`. Not together with dnsmasq.conf.',
    ),
    ...origin(settings),
    ...comment(
      '',
      'The DHCP server has to give each box the address of the inventory, by its MAC, and to name no boot file. If it can name one, let it: next-server this machine and the files below, told apart by the client architecture. That is some seconds faster, and only TFTP is needed from here.',
    ),
    '',
    ...listening(settings),
    '',
    ...comment(
      'Addresses come from the other server. Machines that are not in the inventory are not answered.',
    ),
    `dhcp-range=${network.address},proxy,${network.netmask}`,
    'dhcp-ignore=tag:!testbox',
    '',
    ...routerAdvertisement(settings),
    ...comment('One service for each kind of firmware, and no prompt: it is booted at once.'),
    `pxe-service=x86PC,"Testbox",${bios}`,
    `pxe-service=IA32_EFI,"Testbox",${efi32}`,
    ...['x86-64_EFI', 'BC_EFI'].flatMap((kind) => [
      `pxe-service=tag:!grub,${kind},"Testbox",${efi64}`,
      `pxe-service=tag:grub,${kind},"Testbox",${GRUB_IMAGE}`,
    ]),
    '',
    ...tftp(settings),
    '',
    ...hosts(settings.boxes),
  ]);
}

function hosts(boxes: readonly StorageBox[]): string[] {
  return [
    ...comment('The boxes of the inventory, by the MAC of the NIC that they boot from.'),
    ...boxes.flatMap(({ name, address, mac, uefiLocalBoot }) =>
      mac === null
        ? [`# ${name} (${address}) has no "mac" in the inventory: it is not answered.`]
        : [
            `# ${name}, ${address}`,
            `dhcp-mac=set:testbox,${mac}`,
            ...(uefiLocalBoot === 'grub' ? [`dhcp-mac=set:grub,${mac}`] : []),
          ],
    ),
  ];
}
