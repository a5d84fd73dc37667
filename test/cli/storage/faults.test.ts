import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unmounted } from '../../../src/cli/storage/unmounted.ts';
import { PROGRAM_ENVIRONMENT } from '../program-environment.ts';
import { type StorageLab, storageLab, withoutBootPackages, withoutRoot } from './storage-lab.ts';

const main = join(import.meta.dirname, '../../../src/main.ts');
const why = withoutBootPackages ?? withoutRoot;

/** Runs the command after a script of its own, in a mount namespace of its own. */
function initAfter(lab: StorageLab, script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['-m', '--propagation', 'private', '/bin/sh', '-ec', `${script}; exec "$@"`, 'sh']
      .concat([process.execPath, main, 'storage', 'init', '--user', '54321:54322', '--state', lab.state])
      .concat(args),
    { cwd: lab.root, env: { ...PROGRAM_ENVIRONMENT, TMPDIR: process.env.TMPDIR }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe.skipIf(why !== null)(
  `storage init on a machine with faults${why === null ? '' : ` (${why})`}`,
  () => {
    it('names the packages that are missing, with the command that installs them', () => {
      const lab = storageLab();

      const { status, stdout, stderr } = initAfter(
        lab,
        'for gone in PXELINUX SYSLINUX.EFI syslinux/modules grub/x86_64-efi; do mount -t tmpfs none /usr/lib/$gone; done',
      );

      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain(
        '`apt-get install --no-install-recommends grub-efi-amd64-bin pxelinux syslinux-common syslinux-efi`',
      );
      expect(readdirSync(lab.root)).not.toContain('tftp');
    });

    it('does without GRUB where no box needs it, and says so', () => {
      const lab = storageLab({ inventory: 'testboxes: [{ name: pluto, ip: 10.40.41.42 }]' });

      const { status, stderr } = initAfter(lab, 'mount -t tmpfs none /usr/lib/grub/x86_64-efi');

      expect(status).toBe(0);
      expect(stderr).toMatch(/note: grub\/ is left out, .*grub-efi-amd64-bin/);
      expect(readdirSync(lab.tftpRoot)).not.toContain('grub');
    });

    it('ends where there is no space, leaves no half file, and goes on when there is', () => {
      const lab = storageLab();
      mkdirSync(lab.tftpRoot);
      // What was made before the end is copied out, as the namespace goes with the command.
      const small = `mount -t tmpfs -o size=1m,mode=755 none ${lab.tftpRoot}`;
      const list = `find ${lab.tftpRoot} -name ".testbox-*" > ${lab.root}/left`;

      const { status, stdout, stderr } = initAfter(
        lab,
        `${small}; trap '${list}' EXIT; set +e; "$@"; exit $?`,
      );
      const after = lab.layOut();

      expect(status).toBe(1);
      expect(stdout).toMatch(
        /^failed {3}\S+tftp\/\S+: there is no space left: make room and run this again$/m,
      );
      expect(stdout).not.toContain('pxelinux.0');
      expect(stderr).toContain('it ended there');
      expect(readFileSync(join(lab.root, 'left'), 'utf8')).toBe('');
      expect(after.status).toBe(0);
    });

    it('says which file system is read-only', () => {
      const lab = storageLab();
      mkdirSync(lab.backupRoot);

      const { status, stdout } = initAfter(lab, `mount -t tmpfs -o ro,uid=54321 none ${lab.backupRoot}`);

      expect(status).toBe(1);
      expect(stdout).toMatch(/^failed {3}\S+backup\/testbox-backup: the file system is mounted read-only/m);
    });

    it('warns of areas that do not last or can not be exported', () => {
      const lab = storageLab();
      mkdirSync(lab.backupRoot);

      const { status, stderr } = initAfter(lab, `mount -t tmpfs -o uid=54321 none ${lab.backupRoot}`);

      expect(status).toBe(0);
      expect(stderr).toContain('is on tmpfs, which is empty after the next start of this machine');
    });

    it('tells somebody who may not read .env', () => {
      const lab = storageLab();
      chmodSync(join(lab.root, '.env'), 0o600);

      const { status, stderr } = asSomebody(lab);

      expect(status).toBe(1);
      expect(stderr).toMatch(/the file \.env in \S+ can't be read: run it as root/);
    });

    it('refuses somebody who is not root and not the bot', () => {
      const lab = storageLab();

      const { status, stderr } = asSomebody(lab, '--user', '54321:54322');

      expect(status).toBe(1);
      expect(stderr).toContain(
        'only root can give directories to 54321:54322: run it as root, or lay out areas of your own with --user 54399:54399',
      );
    });

    it('lets somebody lay out areas of their own', () => {
      const lab = storageLab();
      chownSync(lab.root, 54_399, 54_399);

      const { status, stderr } = asSomebody(lab, '--user', '54399:54399');

      expect({ status, stderr: stderr.includes('failed') }).toEqual({ status: 0, stderr: false });
      expect(existsSync(join(lab.tftpRoot, 'pxelinux.0'))).toBe(true);
    });

    it('says where somebody may not write', () => {
      const lab = storageLab();

      const { status, stdout } = asSomebody(lab, '--user', '54399:54399');

      expect(status).toBe(1);
      expect(stdout).toMatch(/^failed {3}\S+tftp: this user can't write there: run it as root/m);
    });
  },
);

function asSomebody(lab: StorageLab, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, 'storage', 'init', '--state', lab.state, ...args],
    { cwd: lab.root, uid: 54_399, gid: 54_399, env: { PATH: process.env.PATH }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('an area on a file system that is not mounted', () => {
  const area = [{ name: 'TESTBOX_BACKUP_ROOT', path: '/images/testbox' }];

  it.each([
    ['in fstab and not mounted', '/dev/sdb1 /images ext4 defaults 0 2', '', 1],
    ['in fstab with a slash at the end', '/dev/sdb1 /images/ ext4 defaults 0 2', '', 1],
    ['mounted', '/dev/sdb1 /images ext4 defaults 0 2', '/dev/sdb1 /images ext4 rw 0 0', 0],
    ['commented out', '#/dev/sdb1 /images ext4 defaults 0 2', '', 0],
    ['of another name', '/dev/sdb1 /images/testbox-old ext4 defaults 0 2', '', 0],
    ['the root', '/dev/sda1 / ext4 defaults 0 1', '', 0],
    ['of a name with a space', '/dev/sdb1 /images\\040old ext4 defaults 0 2', '', 0],
    ['swap', '/dev/sdc1 none swap sw 0 0', '', 0],
  ])('%s', async (_what, fstab, mounts, problems) => {
    const lab = storageLab();
    const files = { fstab: join(lab.root, 'fstab'), mounts: join(lab.root, 'mounts') };
    writeFileSync(files.fstab, `# static file systems\n\n${fstab}\n`);
    writeFileSync(files.mounts, `/dev/sda1 / ext4 rw 0 0\n${mounts}\n`);

    const found = await unmounted(area, files);

    expect(found).toHaveLength(problems);
    for (const problem of found)
      expect(problem).toMatch(
        /TESTBOX_BACKUP_ROOT \(\/images\/testbox\) is on \/images, .*`mount \/images` first/,
      );
  });
});
