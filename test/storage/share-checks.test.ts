import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBackupShare, checkTftpRoot } from '../../src/storage/share-checks.ts';
import { bootConfig, HEX, JOB, shareTree } from './share-tree.ts';

const FILES = ['maintenance-boot/vmlinuz'];

describe('checkTftpRoot', () => {
  it('finds nothing in a good area', async () => {
    const { tftpRoot } = shareTree();
    mkdirSync(join(tftpRoot, 'maintenance-boot'));
    writeFileSync(join(tftpRoot, 'maintenance-boot/vmlinuz'), '');
    writeFileSync(join(tftpRoot, 'pxelinux.cfg', HEX), bootConfig(JOB));

    expect(await checkTftpRoot(tftpRoot, FILES)).toEqual([]);
  });

  it('says what to put right', async () => {
    const { tftpRoot } = shareTree();
    rmSync(join(tftpRoot, 'pxelinux.cfg/default'));
    writeFileSync(join(tftpRoot, 'pxelinux.cfg/0A282901'), 'DEFAULT menu.c32');

    expect(await checkTftpRoot(tftpRoot, FILES)).toEqual([
      expect.stringMatching(/^put the file pxelinux.cfg\/default into /),
      expect.stringMatching(/^put the file maintenance-boot\/vmlinuz into /),
      expect.stringMatching(/^look at .*0A282901: it is no file of this bot/),
    ]);
  });

  it('finds what the TFTP server, being another user, could not hand out', async () => {
    const { tftpRoot } = shareTree();
    mkdirSync(join(tftpRoot, 'maintenance-boot'));
    writeFileSync(join(tftpRoot, 'maintenance-boot/vmlinuz'), '');
    chmodSync(join(tftpRoot, 'maintenance-boot/vmlinuz'), 0o600);
    chmodSync(join(tftpRoot, 'pxelinux.0'), 0o640);
    chmodSync(join(tftpRoot, 'pxelinux.cfg'), 0o750);

    expect(await checkTftpRoot(tftpRoot, FILES)).toEqual([
      `let the TFTP server into ${tftpRoot}/pxelinux.cfg: chmod a+rx ${tftpRoot}/pxelinux.cfg`,
      `let the TFTP server read ${tftpRoot}/pxelinux.0: chmod a+r ${tftpRoot}/pxelinux.0`,
      `let the TFTP server read ${tftpRoot}/maintenance-boot/vmlinuz: chmod a+r ${tftpRoot}/maintenance-boot/vmlinuz`,
    ]);
  });
});

describe('checkBackupShare', () => {
  it('gives the free space of a mounted share, and asks for the marker of another', async () => {
    const { backupRoot } = shareTree();

    expect(await checkBackupShare(backupRoot)).toEqual({ problems: [], freeBytes: expect.any(Number) });
    rmSync(join(backupRoot, 'testbox-backup'));
    expect(await checkBackupShare(backupRoot)).toEqual({
      problems: [expect.stringContaining('testbox-backup')],
      freeBytes: null,
    });
  });
});
