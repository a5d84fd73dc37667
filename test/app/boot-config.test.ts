import { describe, expect, it } from 'vitest';
import { plannedBootConfig } from '../../src/app/boot-config.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { PLUTO_BOX } from '../fakes/app.ts';

const SETTINGS = { nfsServer: '10.40.41.1', kernel: 'boot/vmlinuz', initrd: 'boot/initrd.img' };
const GATEWAY = TestboxAddress.parse('10.40.41.1');
const BASE = [
  'initrd=boot/initrd.img',
  'testbox-action-restore',
  'ro',
  'boot=nfs',
  'root=/dev/nfs',
  'nfsroot=10.40.41.1:/export/testbox-nfsroot,ro,tcp',
  'net.ifnames=0',
  'nfs.nfs4_unique_id=pluto',
  'panic=60',
];
const BOOTIF = 'BOOTIF=01-52-54-00-00-00-42';

function bootConfig(changes: Partial<Testbox>) {
  const lines = plannedBootConfig({ ...PLUTO_BOX, ...changes }, 'restore', SETTINGS).split('\n');
  const after = (keyword: string) =>
    lines.find((line) => line.trim().startsWith(`${keyword} `))?.slice(keyword.length + 3);
  return { first: lines[0], sysappend: after('SYSAPPEND'), words: after('APPEND')?.split(' ') };
}

describe('the boot config of a box', () => {
  it('hands on what PXE got, and names the NIC for loaders that do not', () => {
    expect(bootConfig({})).toEqual({ first: 'PATH bios', sysappend: '3', words: [...BASE, BOOTIF] });
  });

  it('names no NIC where the inventory has no MAC', () => {
    expect(bootConfig({ mac: null }).words).toEqual(BASE);
  });

  it('asks once more by DHCP', () => {
    expect(bootConfig({ network: { kind: 'dhcp' } })).toMatchObject({
      sysappend: '2',
      words: [...BASE, 'ip=dhcp', BOOTIF],
    });
  });

  it.each([
    [GATEWAY, 'ip=10.40.41.42::10.40.41.1:255.255.255.0:maintenance'],
    [null, 'ip=10.40.41.42:::255.255.255.0:maintenance'],
  ])('has a static address with the gateway %s and the NIC of BOOTIF', (gateway, word) => {
    const network = { kind: 'static', netmask: '255.255.255.0', gateway } as const;

    expect(bootConfig({ network })).toMatchObject({ sysappend: '2', words: [...BASE, word, BOOTIF] });
  });

  it('has the serial console last, and PXELINUX on it', () => {
    expect(bootConfig({ serialConsole: 'ttyS1,57600n8' })).toMatchObject({
      first: 'SERIAL 1 57600',
      words: [...BASE, BOOTIF, 'console=tty0', 'console=ttyS1,57600n8'],
    });
  });

  it('gives PXELINUX no port that it would take for an I/O address', () => {
    expect(bootConfig({ serialConsole: 'ttyS4,9600' }).first).toBe('PATH bios');
  });

  it('lets the words of the inventory win, and says none twice', () => {
    const kernelWords = ['panic=5', 'net.ifnames=0', 'console=ttyS0,9600', 'quiet'];

    expect(bootConfig({ kernelWords, serialConsole: 'ttyS0,9600' }).words).toEqual([
      ...BASE.filter((word) => !word.startsWith('panic=') && word !== 'net.ifnames=0'),
      BOOTIF,
      'console=tty0',
      ...kernelWords,
    ]);
  });

  it('does not let PXELINUX overrule an address or a NIC of the inventory', () => {
    const kernelWords = ['ip=10.40.41.42::10.40.41.1:255.255.255.0:maintenance:eth1'];

    expect(bootConfig({ kernelWords }).sysappend).toBe('2');
    expect(bootConfig({ kernelWords: [...kernelWords, 'BOOTIF=01-52-54-00-00-00-99'] })).toMatchObject({
      sysappend: '0',
      words: [...BASE, ...kernelWords, 'BOOTIF=01-52-54-00-00-00-99'],
    });
  });
});
