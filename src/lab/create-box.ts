import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';
import type { TestboxAddress } from '../contract/address.ts';
import type { BoxSettings } from './box-settings.ts';
import { findFreePort } from './free-port.ts';
import { newKeyPair } from './new-key-pair.ts';
import { installSystem } from './system-disk.ts';

/** What a box keeps between demos in one directory. */
const BoxRecord = z.object({
  sshPort: z.int(),
  disks: z.array(z.object({ kernelName: z.string(), serial: z.string() })).min(1),
});
type BoxRecord = z.infer<typeof BoxRecord>;

/** What tells one lab box from another. */
export interface BoxModel {
  name: string;
  address: TestboxAddress;
  uuid: string;
  mac: string;
  /** The address of its SSH daemon. */
  host: string;
}

/** Everything that is the same for all boxes of a lab. */
export type LabSettings = Pick<
  BoxSettings,
  'tftpRoot' | 'backupRoot' | 'agentScript' | 'agent' | 'selfTestMs' | 'rebootDelayMs' | 'agentRestartMs'
> & { boxesDirectory: string; diskSizeBytes: number; authorizedKey: string };

/**
 * Settings of the box in its directory; installs its system if it has no disk yet.
 *
 * @param taken places that other boxes, switched off, will listen on
 */
export async function createBox(
  model: BoxModel,
  lab: LabSettings,
  taken: readonly { host: string; port: number }[] = [],
): Promise<BoxSettings> {
  const directory = join(lab.boxesDirectory, model.name);
  await mkdir(directory, { recursive: true });
  const record = await loadRecord(directory, model, firstPort(model.host, taken));
  const disks = record.disks.map((disk) => ({ ...disk, file: join(directory, `${disk.kernelName}.raw`) }));
  const [bootDisk] = disks;
  if (bootDisk !== undefined && !(await exists(bootDisk.file))) await install(bootDisk.file, model, lab);
  const settings: BoxSettings = {
    name: model.name,
    address: model.address,
    identity: { uuid: model.uuid, mac: model.mac },
    directory,
    disks,
    ssh: { host: model.host, port: record.sshPort, authorizedKey: lab.authorizedKey },
    localAddress: model.host,
    bootOrder: 'network',
    rateLimitFile: join(directory, 'rate-limit'),
    tftpRoot: lab.tftpRoot,
    backupRoot: lab.backupRoot,
    agentScript: lab.agentScript,
    agent: lab.agent,
    selfTestMs: lab.selfTestMs,
    rebootDelayMs: lab.rebootDelayMs,
    agentRestartMs: lab.agentRestartMs,
  };
  await saveBoxRecord(settings);
  return settings;
}

/** Keeps what `createBox` finds again: call it after its disks were changed. */
export async function saveBoxRecord(box: BoxSettings): Promise<void> {
  const record: BoxRecord = {
    sshPort: box.ssh.port,
    disks: box.disks.map(({ kernelName, serial }) => ({ kernelName, serial })),
  };
  await writeFile(join(box.directory, 'box.json'), JSON.stringify(record));
}

async function loadRecord(
  directory: string,
  model: BoxModel,
  firstFree: number | undefined,
): Promise<BoxRecord> {
  const path = join(directory, 'box.json');
  if (!(await exists(path))) {
    const serial = `LAB-${model.name.toUpperCase()}-1`;
    return { sshPort: await findFreePort(model.host, firstFree), disks: [{ kernelName: 'sda', serial }] };
  }
  const record = BoxRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  // The old port is kept if it can be: the bot has pinned the host key by host and port.
  return { ...record, sshPort: await findFreePort(model.host, record.sshPort) };
}

/** Undefined, for anywhere, unless boxes share the address: then above theirs. */
function firstPort(host: string, taken: readonly { host: string; port: number }[]): number | undefined {
  const ports = taken.filter((place) => place.host === host).map(({ port }) => port);
  return ports.length === 0 ? undefined : Math.max(...ports) + 1;
}

async function install(file: string, model: BoxModel, lab: LabSettings): Promise<void> {
  await installSystem(file, lab.diskSizeBytes, {
    hostname: model.name,
    banner: `${model.name}, installed 2026-11-22, kernel 6.12.57`,
    hostKey: newKeyPair().private,
    seed: Number.parseInt(model.uuid.slice(-6), 16),
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
