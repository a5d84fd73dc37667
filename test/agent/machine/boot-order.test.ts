import { describe, expect, it } from 'vitest';
import { type BootSettings, parseBootSettings } from '../../../agent/machine/boot-order/efibootmgr.ts';
import { adviseBootOrder, isNetworkEntry } from '../../../agent/machine/boot-order/network-first.ts';

const MAC = '52:54:00:00:00:42';
const PXE4 = `PciRoot(0x0)/Pci(0x3,0x0)/MAC(525400000042,1)/IPv4(0.0.0.0,0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)`;
const DISK = 'HD(1,GPT,7d9f1b0c-0000-4000-8000-000000000001,0x800,0x100000)/File(\\EFI\\debian\\shimx64.efi)';

function settings(lines: string[]): BootSettings {
  return parseBootSettings(`${lines.join('\n')}\n`);
}

describe('what efibootmgr prints', () => {
  it('is read with its tabs, its data lines, and numbers in either case', () => {
    const read = settings([
      'BootCurrent: 000a',
      'Timeout: 5 seconds',
      'BootOrder: 0001,000a,2001',
      'BootNext: 2001',
      `Boot0001* debian\t${DISK}`,
      '      dp: 04 01 2a 00 01 00 00 00 / 7f ff 04 00',
      `Boot000a* UEFI PXEv4 (MAC:525400000042)\t${PXE4}..BO`,
      '    data: 4e ac 08 81 11 9f 59 4d 85 0e e2 1a 52 2c 59 b2',
      'Boot2001  EFI USB Device\tRC',
      'MirroredPercentageAbove4G: 0.00',
    ]);

    expect(read).toMatchObject({ current: '000A', next: '2001', order: ['0001', '000A', '2001'] });
    expect(read.entries).toEqual([
      { number: '0001', active: true, name: 'debian', path: DISK },
      { number: '000A', active: true, name: 'UEFI PXEv4 (MAC:525400000042)', path: `${PXE4}..BO` },
      { number: '2001', active: false, name: 'EFI USB Device', path: 'RC' },
    ]);
  });

  it('may have no device paths, and no order', () => {
    const read = settings([
      'BootCurrent: 0003',
      'No BootOrder is set; firmware will attempt recovery',
      'Boot0003* PXE Boot',
    ]);

    expect(read).toEqual({
      current: '0003',
      next: null,
      order: [],
      entries: [{ number: '0003', active: true, name: 'PXE Boot', path: '' }],
    });
  });

  it('may separate name and path by blanks only', () => {
    const [entry] = settings([`Boot0004* Integrated NIC 1 ${PXE4}`]).entries;

    expect(entry).toMatchObject({ name: 'Integrated NIC 1', path: PXE4 });
  });
});

describe('an entry is of the network', () => {
  it.each([
    ['UEFI PXEv4 (MAC:525400000042)', PXE4],
    [
      'EFI Network 0 for IPv6 (3C-EC-EF-00-00-42)',
      'PciRoot(0x0)/Pci(0x1,0x0)/MAC(3cecef000042,0)/IPv6([::]:<->[::]:,0,0)',
    ],
    ['PXE Device 1: Integrated NIC 1 Port 1 Partition 1', 'VenHw(3a191845-5f86-4e78-8fce-c4cff59f9daa)'],
    ['Embedded LOM 1 Port 1 : Ethernet 1Gb 2-port Adapter - NIC (PXE IPv4)', ''],
    ['PCI LAN', 'VenMsg(bc7838d2-0f82-4d60-8316-c068ee79d25b,78a84aaf2b2afc4ea79cf5cc8f3d3803)'],
    ['Network Card', 'BBS(Network,Network Card,0x0)'],
    ['IBA GE Slot 00C8 v1550', 'BBS(128,IBA GE Slot 00C8 v1550,0x0)'],
    ['UEFI: PXE IP4 P0 Intel(R) I210', ''],
    ['Onboard NIC(IPV4)', 'PciRoot(0x0)/Pci(0x1c,0x4)/Pci(0x0,0x0)/MAC(001122334455,0)'],
  ])('%s', (name, path) => {
    expect(isNetworkEntry({ number: '0000', active: true, name, path })).toBe(true);
  });

  it.each([
    ['debian', DISK],
    ['Windows Boot Manager', 'HD(1,GPT,x,0x800,0x32000)/File(\\EFI\\MICROSOFT\\BOOT\\BOOTMGFW.EFI)'],
    ['UEFI HTTPv4 (MAC:525400000042)', `${PXE4}/Uri()`],
    ['HTTP Device 1: Integrated NIC 1 Port 1', ''],
    ['UEFI QEMU HARDDISK QM00001', 'PciRoot(0x0)/Pci(0x1,0x1)/Ata(0,0,0)'],
    ['Network recovery', DISK],
    ['UiApp', 'FvVol(7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1)/FvFile(462caa21-7614-4503-836e-8ab6f4662331)'],
    ['UEFI Shell', ''],
  ])('but not: %s', (name, path) => {
    expect(isNetworkEntry({ number: '0000', active: true, name, path })).toBe(false);
  });
});

describe('the advice', () => {
  const PXE = `Boot0003* UEFI PXEv4\t${PXE4}`;
  const OTHER = 'Boot0004* UEFI PXEv4\tPciRoot(0x0)/Pci(0x4,0x0)/MAC(525400000099,1)/IPv4(0.0.0.0)';
  const SIX = 'Boot0005* UEFI PXEv6\tPciRoot(0x0)/Pci(0x3,0x0)/MAC(525400000042,1)/IPv6([::])';
  const DEBIAN = `Boot0001* debian\t${DISK}`;
  const advise = (...lines: string[]) => adviseBootOrder(settings(lines), [MAC]);

  it.each([
    ['the entry of this boot is first', ['BootCurrent: 0003', 'BootOrder: 0003,0001', PXE, DEBIAN]],
    [
      'this boot is not told of, and a network entry is first',
      ['BootOrder: 0004,0003,0001', PXE, OTHER, DEBIAN],
    ],
    ['this boot came by another way', ['BootCurrent: 0001', 'BootOrder: 0003,0001', PXE, DEBIAN]],
  ])('is that all is fine when %s', (_what, lines) => {
    expect(advise(...lines)).toEqual({ kind: 'fine' });
  });

  it.each([
    [
      'a new system has put itself first',
      ['BootCurrent: 0003', 'BootOrder: 0001,0003,0004', PXE, OTHER, DEBIAN],
      '0003,0001,0004',
    ],
    [
      'the entry of this boot is not in the order',
      ['BootCurrent: 0003', 'BootOrder: 0001', PXE, DEBIAN],
      '0003,0001',
    ],
    [
      'another card would be asked first',
      ['BootCurrent: 0003', 'BootOrder: 0004,0003,0001', PXE, OTHER, DEBIAN],
      '0003,0004,0001',
    ],
    [
      'this boot is not told of: the own card by IPv4',
      ['BootOrder: 0001,0005,0004,0003', SIX, OTHER, PXE, DEBIAN],
      '0003,0001,0005,0004',
    ],
    [
      'there is no order: what is switched on stays behind it',
      ['BootCurrent: 0003', DEBIAN, PXE, 'Boot0006  off'],
      '0003,0001',
    ],
  ])('is a change when %s', (_what, lines, order) => {
    const advice = advise(...lines);

    expect(advice.kind === 'change' && advice.order.join()).toBe(order);
  });

  it('is to switch PXE on when there is none, or none that is on', () => {
    expect(advise('BootCurrent: 0001', 'BootOrder: 0001', DEBIAN)).toEqual({
      kind: 'no-network',
      inactive: null,
    });
    expect(advise('BootOrder: 0001', DEBIAN, PXE.replace('*', ' '))).toMatchObject({
      kind: 'no-network',
      inactive: { number: '0003' },
    });
  });
});
