import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { storageLab, unlessFound, withoutBootPackages, withoutRoot } from './storage-lab.ts';

const why = withoutBootPackages ?? withoutRoot ?? unlessFound('exportfs', 'nfs-kernel-server');

/** A system of its own around /usr, where the file is in its place; goes with the process. */
const SCRIPT = `
mount -t tmpfs none "$1"; cd "$1"
mkdir -p usr etc/exports.d var/lib/nfs proc export/testbox-tftp export/testbox-nfsroot
mkdir -p export/testbox-backup/10.40.41.42 export/testbox-backup/10.40.41.43
mount --rbind /usr usr; for link in bin sbin lib lib64; do ln -s usr/$link $link; done
touch etc/exports; cp "$2" etc/exports.d/testbox.exports
chroot . exportfs -ra; chroot . exportfs -s`;

/** What exportfs makes of the file: for each client of each path its options. */
function exported(...options: string[]): { complaints: string; table: Record<string, string> } {
  const lab = storageLab();
  expect(lab.layOut(...options).status).toBe(0);
  const root = mkdtempSync(join(tmpdir(), 'testbox-exports-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-m', '--propagation', 'private', '/bin/sh', '-ec', SCRIPT, 'sh', root, join(lab.output, 'exports')],
    { encoding: 'utf8' },
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  const table = lines.map((line) => {
    const [, path = '', client = '', words = ''] = /^(\S+) +([^\s(]+)\((.*)\)$/.exec(line) ?? [];
    return [`${path} ${client}`, words];
  });
  return { complaints: stderr, table: Object.fromEntries(table) };
}

const NET = '10.40.41.0/24';
const SQUASHED = expect.stringMatching(/^sync,.*anonuid=54321,anongid=54322,.*\brw,.*\ball_squash$/);
const SQUASHED_READ_ONLY = expect.stringMatching(
  /^sync,.*anonuid=54321,anongid=54322,.*\bro,.*\ball_squash$/,
);

describe.skipIf(why !== null)(
  `exportfs with what storage init wrote${why === null ? '' : ` (${why})`}`,
  () => {
    it('exports each box its own images, and the rest to read', () => {
      const { complaints, table } = exported();

      expect(complaints).toBe('');
      expect(table).toEqual({
        [`/export/testbox-nfsroot ${NET}`]: expect.stringMatching(
          /^sync,.*\bro,.*\bno_root_squash,no_all_squash$/,
        ),
        '/export/testbox-tftp 10.40.41.1': SQUASHED,
        [`/export/testbox-tftp ${NET}`]: SQUASHED_READ_ONLY,
        '/export/testbox-backup/10.40.41.42 10.40.41.42': SQUASHED,
        '/export/testbox-backup/10.40.41.43 10.40.41.43': SQUASHED,
      });
    });

    it('exports all images to all boxes where that is wanted, and the TFTP area to write without a bot', () => {
      const { complaints, table } = exported('--backup-export', 'shared', '--jobless');

      expect(complaints).toBe('');
      expect(table).toMatchObject({
        [`/export/testbox-tftp ${NET}`]: SQUASHED,
        [`/export/testbox-backup ${NET}`]: SQUASHED,
      });
      expect(Object.keys(table).filter((line) => line.includes('10.40.41.42'))).toEqual([]);
    });

    it("exports all of it to the bot's host, where that is another machine", () => {
      const { complaints, table } = exported('--bot', '10.40.41.9');

      expect(complaints).toBe('');
      expect(table).toMatchObject({
        '/export/testbox-tftp 10.40.41.9': SQUASHED,
        '/export/testbox-backup 10.40.41.9': SQUASHED,
        '/export/testbox-backup/10.40.41.42 10.40.41.42': SQUASHED,
      });
      expect(table).not.toHaveProperty(['/export/testbox-tftp 10.40.41.1']);
    });
  },
);
