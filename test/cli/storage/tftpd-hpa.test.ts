import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { NetworkLab, SERVER, withoutNetworks } from './network-lab.ts';
import { storageLab, unlessFound, withoutBootPackages } from './storage-lab.ts';

const why = withoutBootPackages ?? unlessFound('in.tftpd', 'tftpd-hpa') ?? withoutNetworks();
const client = join(import.meta.dirname, 'pxe-client.ts');
/** As Debian's start script reads the file and starts the daemon. */
const START =
  '. "$1"; echo "--listen --foreground --user $TFTP_USERNAME --address $TFTP_ADDRESS $TFTP_OPTIONS $TFTP_DIRECTORY"';

describe.skipIf(why !== null)(
  `tftpd-hpa with what storage init wrote${why === null ? '' : ` (${why})`}`,
  () => {
    it('serves the TFTP area', async () => {
      const network = new NetworkLab();
      const lab = storageLab();
      expect(lab.layOut('--tftp', 'tftpd-hpa').status).toBe(0);
      const words = execFileSync('/bin/sh', ['-euc', START, 'sh', join(lab.output, 'tftpd-hpa')], {
        encoding: 'utf8',
      });
      expect(words).toContain(`--address ${SERVER}:69 `);
      network.serve('in.tftpd', words.trim().split(' '));

      const fetched = await vi.waitFor(
        () => {
          const { stdout, stderr } = network.onBox(process.execPath, [client, 'fetch', 'bios/ldlinux.c32']);
          expect(stderr).toBe('');
          return Buffer.from(stdout, 'base64');
        },
        { timeout: 25_000 },
      );

      expect(fetched).toEqual(readFileSync('/usr/lib/syslinux/modules/bios/ldlinux.c32'));
      expect(readFileSync(join(lab.output, 'dnsmasq.conf'), 'utf8')).not.toMatch(/^(?:enable-)?tftp/m);
      expect(readFileSync(join(lab.output, 'dnsmasq-proxy.conf'), 'utf8')).not.toMatch(/^(?:enable-)?tftp/m);
    });
  },
);
