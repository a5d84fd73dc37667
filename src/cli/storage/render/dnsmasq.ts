import type { StorageBox, StorageSettings } from '../settings.ts';
import { BOOT_PROGRAMS, GRUB_IMAGE } from './boot-programs.ts';
import { type Configuration, comment, configuration, origin } from './lines.ts';

/** DHCP for the boxes of the inventory, and TFTP. */
export function renderDnsmasq(settings: StorageSettings): Configuration {
  const { network, router, nameServer, stateDirectory } = settings;
  return configuration('dnsmasq.conf', [
    ...comment(
      'DHCP and TFTP for testboxes, by dnsmasq, where no other DHCP server answers them. Copy to /etc/dnsmasq.d/testbox.conf, then run `dnsmasq --test && systemctl restart dnsmasq`. Where there is a DHCP server already, dnsmasq-proxy.conf is for you instead.',
    ),
    ...origin(settings),
    '',
    ...listening(settings),
    '',
    ...comment(
      'Boxes of the inventory get the address that is written there, and nobody else is answered: a machine that is on this net by chance is left to whoever else serves it.',
    ),
    `dhcp-range=${network.address},static,${network.netmask},12h`,
    'dhcp-ignore=tag:!known',
    `dhcp-leasefile=${stateDirectory}/dnsmasq.leases`,
    ...(router === null ? [] : [`dhcp-option=option:router,${router}`]),
    ...(nameServer === null ? [] : [`dhcp-option=option:dns-server,${nameServer}`]),
    '',
    ...comment(
      'What makes a network boot slow, and is not needed here. A box is the only one with its address: it is answered at once, without a ping first. A box that still knows its lease is answered at once too.',
    ),
    'no-ping',
    'dhcp-authoritative',
    ...comment(
      'ROMs otherwise wait some seconds for offers of a second, a boot server. 11 tells them: no discovery by broadcast (1) or multicast (2), take the file of this offer (8).',
    ),
    'dhcp-option=vendor:PXEClient,6,11b',
    ...comment('The same for iPXE, in its own words: no proxy DHCP server is to be waited for.'),
    'dhcp-option=encap:175,176,1b',
    ...comment('Some ROMs read the file name where it always was, and nowhere else.'),
    'dhcp-no-override',
    '',
    ...routerAdvertisement(settings),
    ...bootPrograms(),
    '',
    ...tftp(settings),
    '',
    ...hosts(settings.boxes),
  ]);
}

/** The part of TFTP; the same whoever does DHCP. */
export function tftp({ areas, tftpServer }: StorageSettings): string[] {
  if (tftpServer === 'tftpd-hpa') return comment('TFTP is served by tftpd-hpa, on this machine.');
  return [
    ...comment(
      'On this machine, as ROMs have its address already; one that can not find its TFTP server says PXE-E11. As many transfers at a time as there may be boxes that boot together.',
    ),
    'enable-tftp',
    `tftp-root=${areas.tftpRoot}`,
    'tftp-max=250',
  ];
}

/** Who is answered; the same whoever does DHCP. */
export function listening({ interfaceName, serverAddress }: StorageSettings): string[] {
  const where =
    interfaceName !== null
      ? [`interface=${interfaceName}`]
      : serverAddress !== null
        ? [`listen-address=${serverAddress}`]
        : [];
  return [
    ...comment('No DNS from here, and only on the side of the boxes.'),
    'port=0',
    'bind-dynamic',
    ...where,
  ];
}

/** For virtual machines; the same whoever does DHCP. */
export function routerAdvertisement({ interfaceName, ipv6Prefix }: StorageSettings): string[] {
  if (interfaceName === null || ipv6Prefix === null) return [];
  return [
    ...comment(
      `iPXE, the ROM of virtual machines, asks for an IPv6 router besides, and waits 16 s for an answer. It gets one that is no router (0 s). The prefix has to be on the interface: \`ip address add ${ipv6Prefix}1/64 dev ${interfaceName}\`.`,
    ),
    'enable-ra',
    `dhcp-range=${ipv6Prefix},ra-only,64`,
    `ra-param=${interfaceName},0,0`,
    '',
  ];
}

function bootPrograms(): string[] {
  const { bios, efi32, efi64 } = BOOT_PROGRAMS;
  return [
    ...comment(
      'Firmware says what it is by its client architecture: 6 is UEFI of 32 bits, 7 and 9 are UEFI of 64 bits, all others are taken for a BIOS.',
    ),
    'dhcp-match=set:efi32,option:client-arch,6',
    'dhcp-match=set:efi64,option:client-arch,7',
    'dhcp-match=set:efi64,option:client-arch,9',
    `dhcp-boot=tag:!efi32,tag:!efi64,${bios}`,
    `dhcp-boot=tag:efi32,${efi32}`,
    `dhcp-boot=tag:efi64,tag:!grub,${efi64}`,
    ...comment('Boxes with uefi-local-boot: grub.'),
    `dhcp-boot=tag:efi64,tag:grub,${GRUB_IMAGE}`,
  ];
}

function hosts(boxes: readonly StorageBox[]): string[] {
  return [
    ...comment('The boxes of the inventory, by the MAC of the NIC that they boot from.'),
    ...boxes.map(({ name, address, mac, uefiLocalBoot }) =>
      mac === null
        ? `# ${name} (${address}) has no "mac" in the inventory: it is not answered.`
        : `dhcp-host=${mac},${uefiLocalBoot === 'grub' ? 'set:grub,' : ''}${address},${name}`,
    ),
  ];
}
