import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mountOf } from '../../../src/cli/nfsroot/obstacles.ts';
import { parseMounts, removeTree } from '../../../src/cli/nfsroot/remove-tree.ts';

const MOUNTS = parseMounts(`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 8:2 / /export rw,nodev,noexec - xfs /dev/sdb1 rw
31 30 0:40 / /export/my\\040root ro - overlay none rw
32 22 0:41 / /tmp rw - ext4 /dev/sdc rw
33 22 0:42 / /tmp rw,nosuid shared:3 master:1 - tmpfs tmpfs rw
`);

it.each([
  ['/srv/nfsroot', '/', 'ext4'],
  ['/export', '/export', 'xfs'],
  ['/export/my root/x', '/export/my root', 'overlay'],
  ['/exported', '/', 'ext4'],
  ['/tmp/a', '/tmp', 'tmpfs'],
])('finds the mount that %s is on: %s', (path, mountPoint, fileSystem) => {
  expect(mountOf(path, MOUNTS)).toMatchObject({ mountPoint, fileSystem });
});

it('removes a tree and follows no link out of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  mkdirSync(join(folder, 'root/usr'), { recursive: true });
  writeFileSync(join(folder, 'precious'), '');
  symlinkSync(folder, join(folder, 'root/usr/out'));

  await removeTree(join(folder, 'root'));
  await removeTree(join(folder, 'root'));

  expect(existsSync(join(folder, 'root'))).toBe(false);
  expect(existsSync(join(folder, 'precious'))).toBe(true);
});

const canMount =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!canMount)(`with mounts${canMount ? '' : ' (needs root, and the right to mount)'}`, () => {
  it('unmounts what is mounted in the tree, one over the other, and leaves it whole', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tree ')));
    const [host, root] = [join(folder, 'host'), join(folder, 'root')];
    for (const path of [host, join(root, 'dev'), join(folder, 'root2')]) mkdirSync(path, { recursive: true });
    writeFileSync(join(host, 'sda'), 'precious');
    spawnSync('mount', ['--bind', host, join(root, 'dev')]);
    spawnSync('mount', ['-t', 'tmpfs', 'none', join(root, 'dev')]);
    spawnSync('mount', ['--bind', host, join(folder, 'root2')]);

    symlinkSync(folder, `${folder}-link`);

    await removeTree(join(`${folder}-link`, 'root'));
    const mounted = parseMounts(readFileSync('/proc/self/mountinfo', 'utf8')).map(
      (mount) => mount.mountPoint,
    );
    spawnSync('umount', [join(folder, 'root2')]);

    expect(existsSync(root)).toBe(false);
    expect(readFileSync(join(host, 'sda'), 'utf8')).toBe('precious');
    expect(mounted.filter((mount) => mount.startsWith(folder))).toEqual([join(folder, 'root2')]);
  });

  it('refuses while something in it is in use', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tree-')));
    const busy = join(folder, 'root/proc');
    mkdirSync(busy, { recursive: true });
    spawnSync('mount', ['-t', 'tmpfs', 'none', busy]);
    writeFileSync(join(busy, 'kept'), '');
    const holder = openSync(join(busy, 'kept'), 'r');

    try {
      await expect(removeTree(join(folder, 'root'))).rejects.toThrow(
        /root\/proc is still mounted \(umount failed: .*\): unmount it, and run this again/,
      );
      expect(existsSync(join(busy, 'kept'))).toBe(true);
    } finally {
      closeSync(holder);
      spawnSync('umount', [busy]);
    }
  });
});
