import { stat } from 'node:fs/promises';
import { DescribedMachine } from '../contract/described-machine.ts';
import type { BootId } from '../contract/ids.ts';
import type { BoxSettings } from './box-settings.ts';
import { SECTOR_BYTES } from './fat16-layout.ts';

/** The machine as the agent of this boot finds it. */
export async function describeMachine(
  box: BoxSettings,
  boot: { bootId: BootId; commandLine: string },
): Promise<DescribedMachine> {
  const disks = box.disks.map(async (disk) => ({
    kernelName: disk.kernelName,
    identity: {
      wwn: null,
      model: 'Testbox Virtual Disk',
      serial: disk.serial,
      path: `pci-0000:00:1f.2-${disk.kernelName}`,
    },
    sizeBytes: (await stat(disk.file)).size,
    sectorSizeBytes: SECTOR_BYTES,
    unusable: null,
    file: disk.file,
  }));
  return DescribedMachine.parse({
    commandLine: boot.commandLine,
    address: box.address,
    hostname: box.name,
    bootId: boot.bootId,
    uuid: box.identity.uuid,
    macs: [box.identity.mac],
    disks: await Promise.all(disks),
    tftpRoot: box.tftpRoot,
    backupRoot: box.backupRoot,
    agent: box.agent,
    localAddress: box.localAddress,
    rateLimitFile: box.rateLimitFile,
  });
}
