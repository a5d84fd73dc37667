import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lookAtPlaces, refuseWithoutPrograms } from '../../../src/cli/nfsroot/obstacles.ts';
import { readRecipe, unpackRecipe } from '../../../src/cli/nfsroot/recipe.ts';
import { agentConfigOf, fstabText } from '../../../src/cli/nfsroot/settings.ts';
import { cannotBuild } from './build-place.ts';

const mounted: string[] = [];
afterEach(() => {
  for (const path of mounted.splice(0)) spawnSync('umount', [path]);
});

it('names every package that is missing, each once, in one command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  writeFileSync(join(folder, 'tar'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'chroot'), '', { mode: 0o644 });

  await expect(refuseWithoutPrograms(folder)).rejects.toThrow(
    /: apt-get install mmdebstrap apt coreutils util-linux/,
  );
});

it.skipIf(cannotBuild !== null)(
  'asks for the TFTP area, and makes the directory of the nfsroot itself',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'areas-'));
    const nfsroot = join(folder, 'export/nfsroot');

    await expect(lookAtPlaces({ nfsroot, tftpRoot: join(folder, 'tftp') })).rejects.toThrow(
      /the TFTP area .*tftp is not there: testbox storage init lays it out/,
    );
    mkdirSync(join(folder, 'tftp'));
    await lookAtPlaces({ nfsroot, tftpRoot: join(folder, 'tftp') });

    expect(statSync(nfsroot).mode & 0o777).toBe(0o755);
  },
);

const canMount =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!canMount)(
  `on other file systems${canMount ? '' : ' (needs root, and the right to mount)'}`,
  () => {
    it.each([
      [
        'size=64m',
        /nfsroot has 64 MiB free, and a root needs 1536 MiB: make room there, or change TESTBOX_NFSROOT/,
      ],
      ['size=2g,nodev', /nfsroot is mounted nodev, .*: mount -o remount,dev \S+nfsroot, or/],
      ['size=2g,noexec,nodev', /is mounted nodev, noexec, .*: mount -o remount,dev,exec /],
      ['size=2g,ro', /is mounted ro, .*: mount -o remount,rw /],
    ])('refuses one that is mounted %s', async (options, why) => {
      await expect(lookAtPlaces(places(options))).rejects.toThrow(why);
    });

    it('warns of one that no NFS server can export', async () => {
      expect(await lookAtPlaces(places('size=2g'))).toEqual([
        expect.stringMatching(/nfsroot is on tmpfs, which NFS servers can't export/),
      ]);
    });
  },
);

it('reads the packages of a suite, and says which line is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  mkdirSync(join(folder, 'packages'));
  writeFileSync(join(folder, 'packages/common.txt'), '# all\nsystemd\n\nzip # and more\n');
  writeFileSync(join(folder, 'packages/bookworm.txt'), 'zip\nlibc6/bookworm-updates\n');
  spawnSync('tar', ['-c', '-f', `${folder}.tar`, '-C', folder, '.']);

  const packed = await unpackRecipe(`${folder}.tar`, join(folder, 'unpacked'));

  expect((await readRecipe(packed, 'bookworm')).packages).toEqual([
    'systemd',
    'zip',
    'libc6/bookworm-updates',
  ]);
  expect(await readRecipe(folder, 'trixie')).toEqual({
    packages: ['systemd', 'zip'],
    tree: null,
    customize: null,
  });
  writeFileSync(join(folder, 'packages/trixie.txt'), 'zip, unzip\n');
  await expect(readRecipe(folder, 'trixie')).rejects.toThrow(
    /line 1 of .*trixie\.txt is no package's name: zip, unzip/,
  );
});

it.each([
  ['http://bot', null, false],
  ['http://bot', 'allow-jobless', true],
  ['http://bot', 'require-job', false],
  [null, null, true],
  [null, 'allow-jobless', true],
] as const)(
  'with the bot at %s and the wish %s, boxes act without a job: %s',
  (reportUrl, wish, allowJobless) => {
    expect(agentConfigOf({ reportUrl }, wish)).toEqual({ botUrl: reportUrl, allowJobless });
  },
);

it('refuses an agent that could never act', () => {
  expect(() => agentConfigOf({ reportUrl: null }, 'require-job')).toThrow(
    /set TESTBOX_REPORT_URL, or leave --require-job out/,
  );
});

it('writes an IPv6 address of the server as mount takes it', () => {
  expect(fstabText({ nfsServer: 'fd00::1' })).toContain(
    '\n[fd00::1]:/export/testbox-tftp /mnt/testbox-tftp nfs4 ',
  );
});

function places(options: string): { nfsroot: string; tftpRoot: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mounted-'));
  const [nfsroot, tftpRoot] = [join(folder, 'nfsroot'), join(folder, 'tftp')];
  for (const path of [nfsroot, tftpRoot]) mkdirSync(path);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', nfsroot]);
  if (status !== 0) throw new Error(`mount -o ${options} failed`);
  mounted.push(nfsroot);
  return { nfsroot, tftpRoot };
}
