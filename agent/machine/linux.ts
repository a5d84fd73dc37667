import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { parseTestboxAddress, type TestboxAddress } from '../../src/contract/address.ts';
import { AgentConfig } from '../../src/contract/agent-config.ts';
import { readOrders } from '../../src/contract/command-line.ts';
import { BootId } from '../../src/contract/ids.ts';
import { AGENT_CONFIG_FILE, BACKUP_MOUNT, TFTP_MOUNT } from '../../src/contract/share-layout.ts';
import type { Machine } from '../machine.ts';
import { keepNetworkFirst } from './boot-order/keep-network-first.ts';
import { listLinuxDisks } from './linux-disks.ts';
import { inspectLinux } from './linux-facts.ts';
import { LinuxShares } from './linux-shares.ts';
import { openDiskFile } from './open-files.ts';
import { REBOOT_TIMES, type RebootTimes, rebootLinux } from './reboot.ts';
import { runProgram, saidBy } from './run-program.ts';
import { hostKeyFingerprints } from './ssh-host-keys.ts';
import { startSshServer } from './ssh-server.ts';

const HELPER_MS = 5_000;

/** Where a Linux system keeps things; tests point elsewhere. */
export interface LinuxPlaces {
  sys: string;
  proc: string;
  dev: string;
  agentConfig: string;
  tftpRoot: string;
  backupRoot: string;
  /** Says where the two shares come from. */
  fstab: string;
  /** Of one try to mount a share. */
  mountMs: number;
  /** The SSH server's host keys. */
  sshKeys: string;
  /** Where programs are looked for, as in PATH. */
  path: string;
  rebootTimes: RebootTimes;
  /** Virtual devices (loop) that count as disks nevertheless: for tests. */
  alsoDisks: readonly string[];
}

export const LINUX_PLACES: LinuxPlaces = {
  sys: '/sys',
  proc: '/proc',
  dev: '/dev',
  agentConfig: AGENT_CONFIG_FILE,
  tftpRoot: TFTP_MOUNT,
  backupRoot: BACKUP_MOUNT,
  fstab: '/etc/fstab',
  mountMs: 30_000,
  sshKeys: '/etc/ssh',
  path: '/run/testbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  rebootTimes: REBOOT_TIMES,
  alsoDisks: [],
};

/** The machine this process runs on. @throws when it can't tell its address or `agent.json` is malformed */
export async function linuxMachine(places: LinuxPlaces = LINUX_PLACES): Promise<Machine> {
  const commandLine = await readFile(join(places.proc, 'cmdline'), 'utf8');
  const address = findAddress(commandLine);
  const macs = await readMacs(places);
  let name: Promise<string | null> | undefined;
  const shares = new LinuxShares(places, address);
  const bootId = await readFile(join(places.proc, 'sys/kernel/random/boot_id'), 'utf8');
  return {
    orders: readOrders(commandLine),
    address,
    hostname: () => {
      name ??= lookUpName(address, places.path);
      return name;
    },
    bootId: BootId.parse(bootId.trim()),
    uuid: await readText(join(places.sys, 'class/dmi/id/product_uuid')),
    macs,
    agentConfig: AgentConfig.parse(JSON.parse(await readFile(places.agentConfig, 'utf8'))),
    tftpRoot: places.tftpRoot,
    localAddress: address,
    mountBackupShare: (prefer) => shares.mountBackup(prefer),
    mountTftpArea: () => shares.mountTftp(),
    sshFingerprints: () => hostKeyFingerprints(places.sshKeys),
    admitLogIns: () => startSshServer(places.path),
    keepNetworkFirst: () => keepNetworkFirst({ sys: places.sys, path: places.path, macs }),
    setClock: (epochMs) => setClock(epochMs, places.path),
    listDisks: () => listLinuxDisks(places),
    inspect: () => inspectLinux(places),
    openDisk: (kernelName, access) => openDiskFile(join(places.dev, kernelName), { access, exclusive: true }),
    rateLimit: async () => null,
    reboot: () =>
      rebootLinux({ ...places, shares: [places.backupRoot, places.tftpRoot] }, places.rebootTimes),
  };
}

/** The address PXELINUX passed on (`ip=`), which is the one the box booted by; else the first one found. */
function findAddress(commandLine: string): TestboxAddress {
  const words = commandLine.split(/\s+/).filter((word) => word.startsWith('ip='));
  const passed = words
    .map((word) => parseTestboxAddress(word.slice(3).split(':')[0] ?? ''))
    .findLast(Boolean);
  if (passed !== undefined) return passed;
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of addresses ?? []) {
      const parsed = family === 'IPv4' && !internal ? parseTestboxAddress(address) : undefined;
      if (parsed !== undefined) return parsed;
    }
  }
  throw new Error('this machine has no IPv4 address');
}

async function lookUpName(address: TestboxAddress, path: string): Promise<string | null> {
  const found = await runProgram('getent', ['hosts', address], { deadlineMs: HELPER_MS, path });
  // It ends with status 2 for an address without a name.
  return found.kind === 'ended' && found.status === 0 ? (found.stdout.trim().split(/\s+/)[1] ?? null) : null;
}

async function setClock(epochMs: number, path: string): Promise<void> {
  const args = ['-u', '-s', `@${Math.round(epochMs / 1000)}`];
  const set = await runProgram('date', args, { deadlineMs: HELPER_MS, path });
  if (set.kind !== 'ended' || set.status !== 0) throw new Error(saidBy(set, 'date'));
}

async function readMacs(places: LinuxPlaces): Promise<string[]> {
  const folder = join(places.sys, 'class/net');
  const names = await readdir(folder).catch((): string[] => []);
  const macs = await Promise.all(names.map((name) => readText(join(folder, name, 'address'))));
  return [...new Set(macs.filter((mac) => mac !== null && mac !== '00:00:00:00:00:00' && mac !== ''))].filter(
    (mac) => mac !== null,
  );
}

async function readText(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}
