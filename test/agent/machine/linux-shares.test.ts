import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBoxDirectory } from '../../../agent/box-directory.ts';
import { ADDRESS } from '../box-description.ts';
import { FakeServer, whyNoMount } from './fake-server.ts';

const WHOLE = '/export/testbox-backup';
const OWN = `${WHOLE}/${ADDRESS}`;
const TFTP = '/export/testbox-tftp';
const SERVER = '10.40.41.2';

const why = whyNoMount();
if (why !== null) console.warn(`Skipped: the agent's own mounts (${why})`);

describe.skipIf(why !== null)('the backup share', () => {
  let server: FakeServer;
  beforeEach(async () => {
    server = await FakeServer.start();
  });
  afterEach(() => server.stop());

  async function exportShared(): Promise<void> {
    await writeFile(join(await server.treat(WHOLE, 'rw'), 'testbox-backup'), '');
  }

  /** As the server shows it to one box: the way to its export is there, with nothing in it. */
  async function exportPerBox(treatment: 'rw' | 'ro' = 'rw'): Promise<void> {
    await server.treat(WHOLE, 'ro');
    await writeFile(join(await server.treat(OWN, treatment), 'testbox-backup'), '');
  }

  it('is the own directory where the server exports it, and nothing else is asked for', async () => {
    await exportPerBox();

    const share = await server.shares().mountBackup('own');

    expect(share).toEqual({ kind: 'own', root: server.places.backupRoot });
    expect(await server.asked()).toEqual([`${SERVER}:${OWN}`]);
    expect(await server.mounted()).toEqual([join(server.places.backupRoot, ADDRESS)]);
  });

  it.each(['hidden', 'denied'] as const)(
    'is the whole one where the own directory is %s',
    async (treatment) => {
      await exportShared();
      await server.treat(OWN, treatment);

      const share = await server.shares().mountBackup('own');

      expect(share.kind).toBe('whole');
      expect(await server.mounted()).toEqual([server.places.backupRoot]);
    },
  );

  it('is the whole one first for who writes the log of all boxes', async () => {
    await exportShared();
    await server.treat(OWN, 'rw');

    expect((await server.shares().mountBackup('whole')).kind).toBe('whole');
  });

  it('is the own directory when the way to it is all that is there of the whole one', async () => {
    await exportPerBox();

    const share = await server.shares().mountBackup('whole');

    expect(share.kind).toBe('own');
    expect(await server.mounted()).toEqual([join(server.places.backupRoot, ADDRESS)]);
  });

  it('stays as it is where it is mounted already', async () => {
    await exportPerBox();
    await server.shares().mountBackup('own');

    expect((await server.shares().mountBackup('own')).kind).toBe('own');

    expect(await server.asked()).toHaveLength(1);
  });

  it('that is not exported to the box is said with the line to look at, and left unmounted', async () => {
    await server.treat(WHOLE, 'ro');

    await expect(server.shares().mountBackup('own')).rejects.toMatchObject({
      class: 'storage',
      code: 'share-not-exported',
      message: expect.stringContaining(`"${OWN} ${ADDRESS}(rw,…)" in /etc/exports`),
    });
    expect(await server.mounted()).toEqual([]);
  });

  it('of a server that is away is worth another try, with the whole one not asked for', async () => {
    await server.treat(OWN, 'refused');

    await expect(server.shares().mountBackup('own')).rejects.toMatchObject({
      class: 'storage',
      code: 'share-away',
      message: expect.stringMatching(/10\.40\.41\.2 does not answer .*Connection refused/),
    });
    expect(await server.asked()).toEqual([`${SERVER}:${OWN}`]);
  });

  it('of a server that hangs is given up at the deadline, with all that waited for it', async () => {
    await server.treat(OWN, 'silent');

    await expect(server.shares({ mountMs: 500 }).mountBackup('own')).rejects.toMatchObject({
      code: 'share-away',
    });

    // Killed, and gone as soon as the system comes to it.
    await expect.poll(() => sleepersIn(server.folder)).toEqual([]);
  });

  it('without a line in fstab tells who has to build the maintenance system again', async () => {
    await writeFile(server.places.fstab, 'proc /proc proc defaults 0 0\n');

    await expect(server.shares().mountBackup('own')).rejects.toMatchObject({
      code: 'share-not-configured',
      message: expect.stringContaining('testbox nfsroot build'),
    });
  });

  it('is refused where something else of the network is mounted in its place', async () => {
    const proc = join(server.folder, 'disk');
    const place = join(server.places.backupRoot, ADDRESS);
    await server.treat('self', 'hidden');
    await writeFile(join(proc, 'self/mountinfo'), `1 2 0:1 / ${place} rw - nfs4 10.40.41.2:${TFTP} rw\n`);

    await expect(server.shares({ proc }).mountBackup('own')).rejects.toMatchObject({
      code: 'share-wrong-mount',
      message: expect.stringContaining(TFTP),
    });
  });

  it('that is exported read-only fails at the first write, and says so', async () => {
    await exportPerBox('ro');
    const share = await server.shares().mountBackup('own');

    await expect(openBoxDirectory({ share, address: ADDRESS, hostname: null })).rejects.toMatchObject({
      class: 'storage',
      code: 'share-read-only',
    });
  });

  it('leaves no trace of the trial write', async () => {
    await exportPerBox();
    const share = await server.shares().mountBackup('own');

    await openBoxDirectory({ share, address: ADDRESS, hostname: 'bench-1' });

    expect((await readdir(server.onDisk(OWN))).sort()).toEqual(['0A28292A', 'bench-1', 'testbox-backup']);
  });

  it('without the marker in the own directory is not taken for the share', async () => {
    await server.treat(OWN, 'rw');
    const share = await server.shares().mountBackup('own');

    await expect(openBoxDirectory({ share, address: ADDRESS, hostname: null })).rejects.toMatchObject({
      code: 'share-not-mounted',
    });
  });

  it('defect 8: a second try for the TFTP area mounts the TFTP area, where it belongs', async () => {
    await exportShared();
    await server.treat(TFTP, 'refused');
    const shares = server.shares();
    await shares.mountBackup('whole');
    await expect(shares.mountTftp()).rejects.toMatchObject({ code: 'share-away' });
    await writeFile(join(await server.treat(TFTP, 'rw'), 'pxelinux.0'), '');

    await shares.mountTftp();

    expect(await readdir(server.places.tftpRoot)).toEqual(['pxelinux.0']);
    expect(await readdir(server.places.backupRoot)).toContain('testbox-backup');
    expect((await server.asked()).slice(1)).toEqual([`${SERVER}:${TFTP}`, `${SERVER}:${TFTP}`]);
    expect(await server.mounted()).toEqual([server.places.backupRoot, server.places.tftpRoot]);
  });
});

/** Processes that still wait on behalf of a program of this folder. */
async function sleepersIn(folder: string): Promise<string[]> {
  const commands = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes(join(folder, 'bin')));
}
