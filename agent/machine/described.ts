import { readFile } from 'node:fs/promises';
import { readOrders } from '../../src/contract/command-line.ts';
import { DescribedMachine } from '../../src/contract/described-machine.ts';
import type { Machine } from '../machine.ts';
import { inspectDescribed } from './described-facts.ts';
import { openDiskFile } from './open-files.ts';

/** Reads a machine's description. @throws when it is malformed */
export async function readDescribedMachine(path: string): Promise<DescribedMachine> {
  return DescribedMachine.parse(JSON.parse(await readFile(path, 'utf8')));
}

/**
 * A machine whose disks are files.
 *
 * @param reboot what stands for the reboot, such as the end of the process
 */
export function describedMachine(description: DescribedMachine, reboot: () => void): Machine {
  const { rateLimitFile, sshFingerprints } = description;
  return {
    orders: readOrders(description.commandLine),
    address: description.address,
    async hostname() {
      return description.hostname === '' ? null : description.hostname;
    },
    bootId: description.bootId,
    uuid: description.uuid,
    macs: description.macs,
    agentConfig: description.agent,
    tftpRoot: description.tftpRoot,
    localAddress: description.localAddress,
    // Its places are folders of the machine that it is described on.
    async mountBackupShare() {
      return { kind: 'whole', root: description.backupRoot };
    },
    async mountTftpArea() {},
    sshFingerprints: sshFingerprints === undefined ? null : async () => sshFingerprints,
    admitLogIns: null,
    async keepNetworkFirst() {
      return [];
    },
    setClock: null,
    async listDisks() {
      return description.disks.map(({ file: _file, ...disk }) => disk);
    },
    async inspect() {
      return inspectDescribed(description);
    },
    async openDisk(kernelName, access) {
      const disk = description.disks.find((candidate) => candidate.kernelName === kernelName);
      if (disk === undefined) throw new Error(`the described machine has no disk ${kernelName}`);
      return await openDiskFile(disk.file, { access, exclusive: false });
    },
    async rateLimit() {
      if (rateLimitFile === null) return null;
      const text = await readFile(rateLimitFile, 'utf8').catch(() => '');
      const limit = Number(text.trim() === '' ? Number.NaN : text.trim());
      return Number.isFinite(limit) && limit >= 0 ? limit : null;
    },
    async reboot() {
      reboot();
    },
  };
}
