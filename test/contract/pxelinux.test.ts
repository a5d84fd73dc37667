import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/contract/action.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import { JobId, Nonce } from '../../src/contract/ids.ts';
import {
  type BootConfig,
  BootConfigError,
  configSearchOrder,
  parseBootConfig,
  renderBootConfig,
} from '../../src/contract/pxelinux.ts';

const JOB = { id: JobId.parse('7k3m9q2x'), nonce: Nonce.parse('0123456789abcdef0123456789abcdef') };
const CONFIG: BootConfig = {
  action: 'restore',
  job: JOB,
  kernel: 'maintenance-boot/vmlinuz',
  initrd: 'maintenance-boot/initrd.img',
  words: ['ro', 'boot=nfs'],
};

const hexDigits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const word = fc
  .stringMatching(/^[a-z][a-zA-Z0-9_.=:/,-]{0,30}$/)
  .filter((text) => !/^(testbox|initrd=)/.test(text));
const bootConfig: fc.Arbitrary<BootConfig> = fc.record({
  action: fc.constantFrom(...ACTIONS),
  job: fc.option(
    fc.record({
      id: fc
        .string({ unit: fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'), minLength: 8, maxLength: 8 })
        .map((id) => JobId.parse(id)),
      nonce: hexDigits(32).map((nonce) => Nonce.parse(nonce)),
    }),
  ),
  kernel: word,
  initrd: word,
  words: fc.array(word, { maxLength: 6 }),
});

describe('a boot config', () => {
  it('has the form of the seed', () => {
    const text = renderBootConfig(CONFIG);

    expect(text).toBe(
      [
        'PATH bios',
        'DEFAULT maintenance',
        'LABEL maintenance',
        '  MENU LABEL Maintenance (NFS)',
        '  KERNEL maintenance-boot/vmlinuz',
        '  SYSAPPEND 3',
        '  APPEND initrd=maintenance-boot/initrd.img testbox-action-restore testbox.job=7k3m9q2x testbox.nonce=0123456789abcdef0123456789abcdef ro boot=nfs',
        'LABEL local-boot',
        'LOCALBOOT',
        '',
      ].join('\n'),
    );
  });

  it('reads back what was rendered', () => {
    fc.assert(
      fc.property(bootConfig, (config) => {
        const parsed = parseBootConfig(renderBootConfig(config));

        expect(parsed).toMatchObject({
          kind: 'maintenance',
          kernel: config.kernel,
          initrd: config.initrd,
          orders:
            config.job === null
              ? { kind: 'jobless', action: config.action }
              : { kind: 'job', action: config.action, job: config.job.id, nonce: config.job.nonce },
        });
      }),
    );
  });

  it.each([['a\nDEFAULT evil'], ['a b'], ['a\u0000'], ['a\u001b[2J'], ['']])('refuses the word %j', (bad) => {
    expect(() => renderBootConfig({ ...CONFIG, words: [bad] })).toThrow(BootConfigError);
    expect(() => renderBootConfig({ ...CONFIG, kernel: bad })).toThrow(BootConfigError);
  });

  it('says what PXELINUX adds, and has its serial console first', () => {
    const text = renderBootConfig({ ...CONFIG, sysappend: 2, serial: { port: 1, rate: 9600 } });

    expect(text).toMatch(/^SERIAL 1 9600\nPATH bios\n/);
    expect(text).toContain('\n  SYSAPPEND 2\n');
    expect(parseBootConfig(text)).toMatchObject({
      kind: 'maintenance',
      sysappend: 2,
      orders: { job: JOB.id },
    });
  });

  it("reads exactly the file that the original's script writes", () => {
    const text = `PATH bios
DEFAULT maintenance
LABEL maintenance
  MENU LABEL Maintenance (NFS)
  KERNEL maintenance-boot/vmlinuz-3.16.0-4-amd64
  APPEND initrd=maintenance-boot/initrd.img-3.16.0-4-amd64 testbox-action-backup-again ro aufs=tmpfs boot=nfs root=/dev/nfs nfsroot=10.42.1.1:/export/testbox-nfsroot,ro,tcp nfsvers=3 nfsrootdebug ip=10.40.41.42:10.42.1.1:10.40.41.1:255.255.255.0:maintenance:eth0
LABEL local-boot
LOCALBOOT
`;

    expect(parseBootConfig(text)).toEqual({
      kind: 'maintenance',
      kernel: 'maintenance-boot/vmlinuz-3.16.0-4-amd64',
      initrd: 'maintenance-boot/initrd.img-3.16.0-4-amd64',
      orders: { kind: 'jobless', action: 'backup-again' },
      append: expect.stringMatching(/^initrd=.* ip=10\.40\.41\.42:.*:maintenance:eth0$/),
      sysappend: 0,
    });
  });

  it("reads the seed's file, with its continued APPEND line", () => {
    const text = [
      'PATH bios',
      'DEFAULT maintenance',
      'LABEL maintenance',
      '  MENU LABEL Maintenance (NFS)',
      '  KERNEL maintenance-boot/vmlinuz-3.16.0-4-amd64',
      '  APPEND initrd=maintenance-boot/initrd.img-3.16.0-4-amd64 testbox-action-backup ro aufs=tmpfs \\',
      '  boot=nfs root=/dev/nfs',
      'LABEL local-boot',
      'LOCALBOOT',
    ].join('\n');

    expect(parseBootConfig(text)).toMatchObject({
      kind: 'maintenance',
      kernel: 'maintenance-boot/vmlinuz-3.16.0-4-amd64',
      orders: { kind: 'jobless', action: 'backup' },
    });
  });

  it('knows a local boot, and what is no boot config at all', () => {
    expect(parseBootConfig('PATH bios\nDEFAULT local-boot\nLABEL local-boot\nLOCALBOOT\n')).toEqual({
      kind: 'local-boot',
    });
    expect(parseBootConfig('hello\n')).toBeUndefined();
    expect(parseBootConfig('DEFAULT gone\nLABEL other\nLOCALBOOT\n')).toBeUndefined();
  });

  it('never takes a damaged job word for a jobless file', () => {
    const text = renderBootConfig(CONFIG).replace('testbox.nonce=0123', 'testbox.nonce=XX');

    expect(parseBootConfig(text)).toMatchObject({ orders: { kind: 'none' } });
  });
});

describe('the order in which PXELINUX looks', () => {
  it('is UUID, MAC, address and its prefixes, default', () => {
    const order = configSearchOrder({
      uuid: 'B8945908-D6A6-41A9-611D-74A6AB80B83D',
      mac: '88:99:AA:BB:CC:DD',
      address: TestboxAddress.parse('192.168.2.91'),
    });

    expect(order).toEqual([
      'b8945908-d6a6-41a9-611d-74a6ab80b83d',
      '01-88-99-aa-bb-cc-dd',
      'C0A8025B',
      'C0A8025',
      'C0A802',
      'C0A80',
      'C0A8',
      'C0A',
      'C0',
      'C',
      'default',
    ]);
  });
});
