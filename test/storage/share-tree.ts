import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestboxAddress } from '../../src/contract/address.ts';
import { JobId, Nonce } from '../../src/contract/ids.ts';
import { renderBootConfig } from '../../src/contract/pxelinux.ts';

export const PLUTO = TestboxAddress.parse('10.40.41.42');
export const HEX = '0A28292A';
export const JOB = JobId.parse('7k3m9q2x');
export const OTHER_JOB = JobId.parse('00000000');

/** A TFTP root and a backup root as the design wants them, empty of boxes. */
export function shareTree(): { tftpRoot: string; backupRoot: string } {
  const root = mkdtempSync(join(tmpdir(), 'testbox-share-'));
  const tftpRoot = join(root, 'tftp');
  const backupRoot = join(root, 'backup');
  mkdirSync(join(tftpRoot, 'pxelinux.cfg'), { recursive: true });
  mkdirSync(backupRoot);
  writeFileSync(join(tftpRoot, 'pxelinux.0'), '');
  writeFileSync(join(tftpRoot, 'pxelinux.cfg/default'), 'DEFAULT local\nLABEL local\nLOCALBOOT 0\n');
  writeFileSync(join(backupRoot, 'testbox-backup'), '');
  return { tftpRoot, backupRoot };
}

export function bootConfig(job: JobId | null, nonceDigit = 'a'): string {
  return renderBootConfig({
    action: 'backup',
    job: job === null ? null : { id: job, nonce: Nonce.parse(nonceDigit.repeat(32)) },
    kernel: 'maintenance-boot/vmlinuz',
    initrd: 'maintenance-boot/initrd.img',
    words: ['boot=nfs'],
  });
}
