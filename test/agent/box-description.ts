import { join } from 'node:path';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { DescribedMachine } from '../../src/contract/described-machine.ts';
import type { Disk } from '../../src/contract/disk.ts';

export const JOB = '7k3m9q2x';
export const ADDRESS = TestboxAddress.parse('10.40.41.42');

export interface BoxDisk {
  kernelName: string;
  sizeBytes: number;
  serial?: string | null;
  sectorSizeBytes?: number;
  unusable?: string | null;
}

/** A machine whose disks and share are in the folder. */
export function describeBox(folder: string, disks: readonly BoxDisk[]): DescribedMachine {
  return {
    commandLine: `BOOT_IMAGE=vmlinuz testbox-action-backup testbox.job=${JOB} testbox.nonce=${'a'.repeat(32)}`,
    address: ADDRESS,
    hostname: 'bench-1',
    bootId: '0b0c0d0e-0000-4000-8000-000000000001',
    uuid: '4c4c4544-0042-3510-8052-b4c04f564231',
    macs: ['52:54:00:12:34:56'],
    disks: disks.map((disk) => ({ ...asDisk(disk), file: join(folder, `${disk.kernelName}.disk`) })),
    tftpRoot: join(folder, 'tftp'),
    backupRoot: join(folder, 'share'),
    agent: { botUrl: null, allowJobless: false },
    localAddress: '127.0.0.1',
    rateLimitFile: join(folder, 'rate'),
    powerCut: null,
  };
}

function asDisk(disk: BoxDisk): Disk {
  const serial = disk.serial === undefined ? `SER-${disk.kernelName}` : disk.serial;
  return {
    kernelName: disk.kernelName,
    identity: { wwn: null, model: serial === null ? null : 'BENCH', serial, path: null },
    sizeBytes: disk.sizeBytes,
    sectorSizeBytes: disk.sectorSizeBytes ?? 512,
    unusable: disk.unusable ?? null,
  };
}
