import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { NetworkLab, SERVER, withoutNetworks } from './network-lab.ts';
import { type StorageLab, storageLab, unlessFound, withoutBootPackages } from './storage-lab.ts';

const why =
  withoutBootPackages ??
  unlessFound('ganesha.nfsd', 'nfs-ganesha') ??
  unlessFound('nfs-ls', 'libnfs-utils') ??
  withoutNetworks();

const BOOT_MS = 20_000;

/** A laid out server, and nfs-ganesha there with its file as it was written. */
async function served(...options: string[]): Promise<{ network: NetworkLab; lab: StorageLab; log: string }> {
  const network = new NetworkLab();
  const lab = storageLab();
  expect(lab.layOut(...options).status).toBe(0);
  const logFile = join(lab.root, 'ganesha.log');
  network.serve('ganesha.nfsd', [
    ...['-F', '-f', join(lab.output, 'ganesha.conf'), '-L', logFile, '-p', join(lab.root, 'ganesha.pid')],
    ...['-N', 'NIV_EVENT'],
  ]);
  const readLog = () => readFileSync(logFile, 'utf8');
  await vi.waitFor(() => expect(readLog()).toContain('NFS SERVER INITIALIZED'), { timeout: BOOT_MS });
  return { network, lab, log: readLog() };
}

const url = (path: string) => `nfs://${SERVER}/export/${path}?version=4`;

function list(network: NetworkLab, path: string): string[] | 'refused' {
  const { status, stdout } = network.onBox('nfs-ls', [url(path)]);
  if (status !== 0) return 'refused';
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/).at(-1) ?? '');
}

function read(network: NetworkLab, path: string): string | 'refused' {
  const { status, stdout } = network.onBox('nfs-cat', [url(path)]);
  return status === 0 ? stdout : 'refused';
}

function write(network: NetworkLab, { lab, path }: { lab: StorageLab; path: string }): 'written' | 'refused' {
  const file = join(lab.root, 'from-box');
  writeFileSync(file, 'from the box');
  return network.onBox('nfs-cp', [file, url(path)]).status === 0 ? 'written' : 'refused';
}

describe.skipIf(why !== null)(
  `nfs-ganesha with what storage init wrote${why === null ? '' : ` (${why})`}`,
  () => {
    it('has nothing to say against the file', async () => {
      const { log } = await served();

      const complaints = log
        .split('\n')
        .filter((line) => /:(?:CONFIG|EXPORT|FSAL) :(?:WARN|MAJ|CRIT|FATAL) /.test(line));
      expect(complaints.filter((line) => !line.includes('RADOS'))).toEqual([]);
    });

    // Defect 12 of the original's scripts: any box could change any other box's files.
    it("lets a box write its own images, as the bot's user, and not see another's", async () => {
      const { network, lab } = await served();

      const own = write(network, { lab, path: 'testbox-backup/10.40.41.42/sda.raw.gz' });
      const other = write(network, { lab, path: 'testbox-backup/10.40.41.43/sda.raw.gz' });

      expect([own, other]).toEqual(['written', 'refused']);
      expect(list(network, 'testbox-backup/10.40.41.42')).toContain('sda.raw.gz');
      expect(list(network, 'testbox-backup/10.40.41.43')).toBe('refused');
      const { uid, gid } = statSync(join(lab.backupRoot, '10.40.41.42/sda.raw.gz'));
      expect([uid, gid]).toEqual([54_321, 54_322]);
      network.boxIs('10.40.41.43');
      expect(list(network, 'testbox-backup/10.40.41.42')).toBe('refused');
      expect(list(network, 'testbox-backup/10.40.41.43')).toEqual(['testbox-backup']);
    });

    it('keeps root of a box from what is only for root of the server', async () => {
      const { network, lab } = await served();
      const file = join(lab.backupRoot, '10.40.41.42/of-root');
      writeFileSync(file, 'secret');
      chmodSync(file, 0o600);

      expect(read(network, 'testbox-backup/10.40.41.42/of-root')).toBe('refused');
    });

    it('gives the maintenance system its root as root, to read only', async () => {
      const { network, lab } = await served();
      mkdirSync(join(lab.nfsroot, 'etc'));
      writeFileSync(join(lab.nfsroot, 'etc/shadow'), 'root:*:');
      chmodSync(join(lab.nfsroot, 'etc/shadow'), 0o600);

      expect(read(network, 'testbox-nfsroot/etc/shadow')).toBe('root:*:');
      expect(write(network, { lab, path: 'testbox-nfsroot/etc/passwd' })).toBe('refused');
    });

    it('lets boxes read the TFTP area and not write it, but where there is no bot', async () => {
      const path = 'testbox-tftp/pxelinux.cfg/0A28292A';
      const withBot = await served();
      const without = await served('--jobless');

      expect(list(withBot.network, 'testbox-tftp')).toContain('pxelinux.0');
      expect(write(withBot.network, { lab: withBot.lab, path })).toBe('refused');
      expect(write(without.network, { lab: without.lab, path })).toBe('written');
    });

    it('is there for the boxes of the net alone, and for root there', async () => {
      const { network } = await served('--boxes', '10.40.41.40/29');

      expect(list(network, 'testbox-tftp')).toContain('pxelinux.0');
      const user = network.onBox('setpriv', [
        '--reuid=54399',
        '--clear-groups',
        'nfs-ls',
        url('testbox-tftp'),
      ]);
      expect(user.status).not.toBe(0);
      network.boxIs('10.40.41.99');
      expect(list(network, 'testbox-tftp')).toBe('refused');
      expect(list(network, 'testbox-nfsroot')).toBe('refused');
    });

    it('shows all boxes all images where that is wanted', async () => {
      const { network, lab } = await served('--backup-export', 'shared');

      expect(list(network, 'testbox-backup')).toEqual(
        expect.arrayContaining(['testbox-backup', '10.40.41.43']),
      );
      expect(write(network, { lab, path: 'testbox-backup/10.40.41.43/sda.raw.gz' })).toBe('written');
    });

    it("lets the bot's host reach all of it, where that is another machine", async () => {
      const { network, lab } = await served('--bot', '10.40.41.9');

      network.boxIs('10.40.41.9');

      expect(write(network, { lab, path: 'testbox-tftp/pxelinux.cfg/0A28292A' })).toBe('written');
      expect(write(network, { lab, path: 'testbox-backup-of-all-boxes/10.40.41.43/note' })).toBe('written');
    });
  },
);
