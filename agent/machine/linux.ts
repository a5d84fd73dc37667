import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseTestboxAddress, type TestboxAddress } from '../../src/contract/address.ts';
import { AgentConfig } from '../../src/contract/agent-config.ts';
import { readOrders } from '../../src/contract/command-line.ts';
import { BootId } from '../../src/contract/ids.ts';
import { AGENT_CONFIG_FILE, BACKUP_MOUNT, TFTP_MOUNT } from '../../src/contract/share-layout.ts';
import type { Machine } from '../machine.ts';
import { listLinuxDisks } from './linux-disks.ts';
import { inspectLinux } from './linux-facts.ts';
import { openDiskFile } from './open-files.ts';

const run = promisify(execFile);
const HELPER_MS = 10_000;

/** Where a Linux system keeps things; tests point elsewhere. */
export interface LinuxPlaces {
  sys: string;
  proc: string;
  dev: string;
  agentConfig: string;
  tftpRoot: string;
  backupRoot: string;
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
  alsoDisks: [],
};

/** The machine this process runs on. @throws when it can't tell its address or `agent.json` is malformed */
export async function linuxMachine(places: LinuxPlaces = LINUX_PLACES): Promise<Machine> {
  const commandLine = await readFile(join(places.proc, 'cmdline'), 'utf8');
  const address = findAddress(commandLine);
  const bootId = await readFile(join(places.proc, 'sys/kernel/random/boot_id'), 'utf8');
  return {
    orders: readOrders(commandLine),
    address,
    hostname: await lookUpName(address),
    bootId: BootId.parse(bootId.trim()),
    uuid: await readText(join(places.sys, 'class/dmi/id/product_uuid')),
    macs: await readMacs(places),
    agentConfig: AgentConfig.parse(JSON.parse(await readFile(places.agentConfig, 'utf8'))),
    tftpRoot: places.tftpRoot,
    backupRoot: places.backupRoot,
    localAddress: address,
    listDisks: () => listLinuxDisks(places),
    inspect: () => inspectLinux(places),
    openDisk: (kernelName, access) => openDiskFile(join(places.dev, kernelName), { access, exclusive: true }),
    rateLimit: async () => null,
    reboot,
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

async function lookUpName(address: TestboxAddress): Promise<string | null> {
  try {
    const { stdout } = await run('getent', ['hosts', address], { timeout: HELPER_MS });
    return stdout.trim().split(/\s+/)[1] ?? null;
  } catch {
    return null; // getent exits 2 for an address without a name
  }
}

async function readMacs(places: LinuxPlaces): Promise<string[]> {
  const folder = join(places.sys, 'class/net');
  const names = await readdir(folder).catch((): string[] => []);
  const macs = await Promise.all(names.map((name) => readText(join(folder, name, 'address'))));
  return [...new Set(macs.filter((mac) => mac !== null && mac !== '00:00:00:00:00:00' && mac !== ''))].filter(
    (mac) => mac !== null,
  );
}

async function reboot(): Promise<void> {
  try {
    await run('systemctl', ['reboot'], { timeout: HELPER_MS });
  } catch {
    // A service manager that hangs must not keep the box here: all is flushed already.
    await run('reboot', ['-f'], { timeout: HELPER_MS });
  }
}

async function readText(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}
