import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NetworkLab, SERVER, withoutNetworks } from './network-lab.ts';
import { Answer } from './pxe-client.ts';
import { type StorageLab, storageLab, unlessFound, withoutBootPackages } from './storage-lab.ts';

const why = withoutBootPackages ?? unlessFound('dnsmasq', 'dnsmasq-base') ?? withoutNetworks();
const client = join(import.meta.dirname, 'pxe-client.ts');

const PLUTO = '52:54:00:00:00:42';
const VENUS = '52:54:00:00:00:43';
const STRANGER = '52:54:00:00:00:99';
const [BIOS, UEFI32, UEFI64, UEFI64_TOO] = [0, 6, 7, 9];

/** A laid out server, and dnsmasq there with one of its files as it was written. */
async function served({ name = 'dnsmasq.conf', options = [] }: { name?: string; options?: string[] } = {}) {
  const network = new NetworkLab();
  const lab = storageLab();
  expect(lab.layOut(...options).status).toBe(0);
  const daemon = network.serve('dnsmasq', [
    ...['--keep-in-foreground', `--conf-file=${join(lab.output, name)}`, '--log-facility=-'],
    ...[`--pid-file=${join(lab.root, 'dnsmasq.pid')}`],
  ]);
  if (daemon.stderr === null) throw new Error('dnsmasq has no standard error');
  const lines = createInterface(daemon.stderr);
  const [first] = await once(lines, 'line');
  expect(first).toContain('started, version');
  return { network, lab };
}

function ask(network: NetworkLab, questions: readonly object[]): Answer[] {
  const { stdout, stderr } = network.onBox(process.execPath, [client, 'ask', JSON.stringify(questions)]);
  expect(stderr).toBe('');
  return z.array(Answer).parse(JSON.parse(stdout));
}

function fetch(network: NetworkLab, path: string) {
  const { stdout, stderr } = network.onBox(process.execPath, [client, 'fetch', path]);
  return stderr === '' ? Buffer.from(stdout, 'base64') : stderr;
}

function accepts(lab: StorageLab, name: string): string {
  return spawnSync('dnsmasq', ['--test', `--conf-file=${join(lab.output, name)}`], { encoding: 'utf8' })
    .stderr;
}

describe.skipIf(why !== null)(
  `dnsmasq with what storage init wrote${why === null ? '' : ` (${why})`}`,
  () => {
    it('tells each kind of firmware the address of the inventory and its own file', async () => {
      const { network } = await served();
      const asked = [
        { mac: PLUTO, architecture: BIOS },
        { mac: PLUTO, architecture: UEFI32 },
        { mac: PLUTO, architecture: UEFI64 },
        { mac: PLUTO, architecture: UEFI64_TOO },
        { mac: VENUS, architecture: BIOS },
        { mac: VENUS, architecture: UEFI64 },
      ];

      const answers = asked.flatMap((question) => ask(network, [question]));

      expect(answers.map(({ kind, address, nextServer, file }) => [kind, address, nextServer, file])).toEqual(
        [
          ['offer', '10.40.41.42', SERVER, 'pxelinux.0'],
          ['offer', '10.40.41.42', SERVER, 'syslinux32.efi'],
          ['offer', '10.40.41.42', SERVER, 'syslinux64.efi'],
          ['offer', '10.40.41.42', SERVER, 'syslinux64.efi'],
          ['offer', '10.40.41.43', SERVER, 'pxelinux.0'],
          ['offer', '10.40.41.43', SERVER, 'grub/grubx64.efi'],
        ],
      );
    });

    it('tells ROMs not to wait for another server', async () => {
      const { network } = await served();

      const [answer] = ask(network, [{ mac: PLUTO, architecture: BIOS }]);

      // Discovery control (6) with 11; in iPXE's own option, 176 with 1. ROMs read 43 as PXE's by 60.
      expect(answer?.options).toMatchObject({ 43: '06010bff', 175: 'b00101ff' });
      expect(Buffer.from(answer?.options['60'] ?? '', 'hex').toString()).toMatch(/^PXEClient/);
    });

    it('leaves machines that are not in the inventory to others, whatever they ask', async () => {
      const { network } = await served();

      const answers = ask(network, [
        { mac: STRANGER, architecture: BIOS },
        { mac: STRANGER, architecture: BIOS, requested: '10.40.41.42' },
        { mac: PLUTO, architecture: BIOS, requested: '10.40.41.42' },
      ]);

      expect(answers.map(({ mac, kind, address }) => [mac, kind, address])).toEqual([
        [PLUTO, 'ack', '10.40.41.42'],
      ]);
    });

    it('serves the TFTP area, and nothing outside of it', async () => {
      const { network, lab } = await served();
      writeFileSync(join(lab.root, 'secret'), 'of nobody');

      expect(fetch(network, 'pxelinux.0')).toEqual(readFileSync(join(lab.tftpRoot, 'pxelinux.0')));
      expect(fetch(network, 'grub/grubx64.efi')).toEqual(
        readFileSync(join(lab.tftpRoot, 'grub/grubx64.efi')),
      );
      expect(String(fetch(network, 'pxelinux.cfg/default'))).toMatch(/^PATH bios\n/);
      expect(fetch(network, '../secret')).toMatch(/^Error: /);
    });

    it('tells the router and the name server that were named', async () => {
      const { network } = await served({ options: ['--gateway', '10.40.41.254', '--dns', '10.40.40.53'] });

      const [answer] = ask(network, [{ mac: PLUTO, architecture: BIOS }]);

      expect(answer?.options).toMatchObject({ 1: 'ffffff00', 3: '0a2829fe', 6: '0a282835' });
    });

    it('beside another DHCP server adds the file alone, and no address', async () => {
      const { network } = await served({ name: 'dnsmasq-proxy.conf' });

      const answers = ask(network, [
        { mac: STRANGER, architecture: UEFI64 },
        { mac: VENUS, architecture: UEFI64 },
      ]);

      expect(answers.map(({ mac, kind, address }) => [mac, kind, address])).toEqual([
        [VENUS, 'offer', '0.0.0.0'],
      ]);
      expect(Buffer.from(answers[0]?.options['60'] ?? '', 'hex').toString()).toMatch(/^PXEClient/);
      expect(fetch(network, 'syslinux64.efi')).toEqual(
        readFileSync('/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi'),
      );
    });

    it.each([
      [[]],
      [['--interface', 'lab0', '--ipv6-prefix', 'fd12:3456:789a::', '--jobless']],
      [
        [
          '--tftp',
          'tftpd-hpa',
          '--gateway',
          '10.40.41.254',
          '--dns',
          '10.40.40.53',
          '--boxes',
          '10.40.40.0/23',
        ],
      ],
    ])('takes the files of %j', (options) => {
      const lab = storageLab();
      lab.layOut(...options);

      expect(accepts(lab, 'dnsmasq.conf')).toBe('dnsmasq: syntax check OK.\n');
      expect(accepts(lab, 'dnsmasq-proxy.conf')).toBe('dnsmasq: syntax check OK.\n');
    });
  },
);
