import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/config/inventory.ts';

function boxesOf(text: string) {
  const reading = readInventory(text);
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  return reading.testboxes;
}

describe('what a box needs to boot', () => {
  it('is what PXE got, no serial console, and the firmware’s own way to the local disk', () => {
    expect(boxesOf('testboxes: [{ name: a, ip: 10.0.0.1 }]')).toMatchObject([
      { network: { kind: 'pxe' }, serialConsole: null, uefiLocalBoot: 'firmware' },
    ]);
  });

  it('comes from the group where the box itself says nothing', () => {
    const boxes = boxesOf(`
groups:
  rack: { network: { netmask: 255.255.254.0, gateway: 10.40.41.1 }, serial-console: "ttyS1,9600n8", uefi-local-boot: grub }
testboxes:
  - { name: a, ip: 10.40.40.42, groups: [rack] }
  - { name: b, ip: 10.40.41.43, groups: [rack], network: dhcp, serial-console: "ttyS0,115200", uefi-local-boot: firmware }
  - { name: c, ip: 10.99.0.1, groups: [rack], network: { netmask: 255.255.0.0 } }
`);

    expect(boxes).toMatchObject([
      {
        network: { kind: 'static', netmask: '255.255.254.0', gateway: '10.40.41.1' },
        serialConsole: 'ttyS1,9600n8',
        uefiLocalBoot: 'grub',
      },
      { network: { kind: 'dhcp' }, serialConsole: 'ttyS0,115200', uefiLocalBoot: 'firmware' },
      { network: { kind: 'static', netmask: '255.255.0.0', gateway: null } },
    ]);
  });

  it.each([
    ['network: static', /network .*: expected pxe, dhcp or \{ netmask/],
    ['network: { gateway: 10.40.41.1 }', /network .*: expected pxe, dhcp or \{ netmask/],
    ['network: { netmask: 255.0.255.0 }', /network\.netmask .*: expected a netmask such as/],
    ['network: { netmask: 0.0.0.0 }', /network\.netmask .*: expected a netmask such as/],
    ['network: { netmask: 255.255.255.255 }', /network\.netmask .*: expected a netmask such as/],
    [
      'network: { netmask: /24 }',
      /network\.netmask .*: expected a netmask such as 255\.255\.255\.0, got "\/24"/,
    ],
    ['network: { netmask: 255.255.255.0, gateway: here }', /network\.gateway .*: expected an IPv4 address/],
    [
      'network: { netmask: 255.255.255.0, gateway: 10.40.42.1 }',
      /network .*: the gateway 10\.40\.42\.1 is not in the net of 10\.40\.41\.42 with 255\.255\.255\.0/,
    ],
    [
      'network: { netmask: 255.255.255.0, gateway: 10.40.41.42 }',
      /network .*: 10\.40\.41\.42 is the box itself/,
    ],
    ['network: { netmask: 255.255.255.254 }', /network\.netmask .*: expected a netmask/],
    ['serial-console: console=ttyS0', /serial-console .*: expected a serial console such as ttyS0,115200/],
    ['serial-console: "ttyS0"', /serial-console .*: expected a serial console/],
    ['serial-console: "ttyS0,115200 quiet"', /serial-console .*: expected a serial console/],
    ['uefi-local-boot: exit', /uefi-local-boot .*: expected firmware or grub/],
    ['networks: dhcp', /unknown key "networks", did you mean "network"/],
  ])('refuses %j', (setting, expected) => {
    const reading = readInventory(`testboxes:\n  - { name: a, ip: 10.40.41.42, ${setting} }`);

    expect(reading).toEqual({ ok: false, problems: [expect.stringMatching(expected)] });
  });

  it('refuses a group’s net in which a box’s address is that of the net, or everybody’s', () => {
    const reading = readInventory(`
groups: { rack: { network: { netmask: 255.255.255.0 } } }
testboxes:
  - { name: a, ip: 10.40.41.0, groups: [rack] }
  - { name: b, ip: 10.40.41.255, groups: [rack] }
  - { name: c, ip: 10.40.41.254, groups: [rack] }
`);

    expect(reading).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(/^testboxes\[0\]\.ip \(line 4\): 10\.40\.41\.0 is no address of a box/),
        expect.stringMatching(/^testboxes\[1\]\.ip \(line 5\): 10\.40\.41\.255 is no address of a box/),
      ],
    });
  });

  it('refuses kernel words that GRUB would take for its own, where a box boots by it', () => {
    const words = "[console=tty0, a=$b, 'c=d;e', '#f', 'g=h#i', 'j={k}']";
    const reading = readInventory(`
groups: { efi: { uefi-local-boot: grub } }
testboxes:
  - { name: a, ip: 10.40.41.1, groups: [efi], kernel-words: ${words} }
  - { name: b, ip: 10.40.41.2, kernel-words: ${words} }
`);

    expect(reading).toEqual({
      ok: false,
      problems: [
        ['1', '$', 'a=$b'],
        ['2', ';', 'c=d;e'],
        ['3', '#', '#f'],
        ['5', '{', 'j={k}'],
      ].map(
        ([position, sign, word]) =>
          `testboxes[0].kernel-words[${position}] (line 4): "${word}" has a ${sign}, which uefi-local-boot: grub takes for its own; leave the word out, or let the box boot by firmware`,
      ),
    });
  });
});
