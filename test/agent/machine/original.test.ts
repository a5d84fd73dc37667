import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/clock.ts';
import { Logbook } from '../../../agent/logbook.ts';
import { LINUX_PLACES, linuxMachine } from '../../../agent/machine/linux.ts';
import { maintain } from '../../../agent/maintain.ts';
import { FAST } from '../bench-box.ts';
import { ADDRESS } from '../box-description.ts';
import { FakeServer, whyNoMount } from './fake-server.ts';

const why = whyNoMount();
if (why !== null) console.warn(`Skipped: boot files in the original's form (${why})`);

const APPEND =
  'initrd=maintenance-boot/initrd.img-3.16.0-4-amd64 testbox-action-refresh-info ro aufs=tmpfs boot=nfs ' +
  'root=/dev/nfs nfsroot=10.40.41.2:/export/testbox-nfsroot,ro,tcp nfsvers=3 nfsrootdebug ' +
  `ip=${ADDRESS}:10.40.41.2:10.40.41.1:255.255.255.0:maintenance:eth0`;
/** The form of a file that the original's script writes, line for line. */
const BOOT_FILE = [
  'PATH bios',
  'DEFAULT maintenance',
  'LABEL maintenance',
  '  MENU LABEL Maintenance (NFS)',
  '  KERNEL maintenance-boot/vmlinuz-3.16.0-4-amd64',
  `  APPEND ${APPEND}`,
  'LABEL local-boot',
  'LOCALBOOT',
  '',
].join('\n');

describe.skipIf(why !== null)("a boot file in the original's form", () => {
  let server: FakeServer;
  let bootFile: string;
  let rebooted: boolean;
  const console: string[] = [];

  beforeEach(async () => {
    server = await FakeServer.start();
    rebooted = false;
    const tftp = await server.treat('/export/testbox-tftp', 'rw');
    await mkdir(join(tftp, 'pxelinux.cfg'));
    await writeFile(join(tftp, 'pxelinux.0'), '');
    bootFile = join(tftp, 'pxelinux.cfg/0A28292A');
    await writeFile(bootFile, BOOT_FILE);
    await writeFile(join(await server.treat('/export/testbox-backup', 'rw'), 'testbox-backup'), '');
  });
  afterEach(() => server.stop());

  async function boot(): Promise<void> {
    const proc = join(server.folder, 'proc');
    await mkdir(join(proc, 'sys/kernel/random'), { recursive: true });
    await mkdir(join(proc, 'self'));
    await writeFile(join(proc, 'cmdline'), `BOOT_IMAGE=maintenance-boot/vmlinuz-3.16.0-4-amd64 ${APPEND}\n`);
    await writeFile(join(proc, 'sys/kernel/random/boot_id'), '0b0c0d0e-0000-4000-8000-000000000001\n');
    await writeFile(join(proc, 'self/mountinfo'), '');
    const agentConfig = join(server.folder, 'agent.json');
    await writeFile(agentConfig, JSON.stringify({ botUrl: null, allowJobless: true }));
    const found = await linuxMachine({ ...LINUX_PLACES, ...server.places, proc, agentConfig });
    const { backupRoot, tftpRoot } = server.places;
    expect([found.address, found.tftpRoot]).toEqual([ADDRESS, tftpRoot]);
    const ended = new AbortController();
    await maintain({
      machine: {
        ...found,
        hostname: async () => 'bench-1',
        inspect: async () => ({ cpuModel: null, memoryBytes: null, kernel: null, sections: [] }),
        keepNetworkFirst: async () => [],
        async reboot() {
          rebooted = true;
        },
      },
      clock: {
        ...systemClock,
        sleep: async (ms, signal) => (ms < 60_000 ? systemClock.sleep(ms, signal) : ended.abort()),
      },
      timing: FAST,
      logbook: new Logbook({ print: (line) => console.push(line), clock: systemClock }),
      agentVersion: 'test',
      workerEntry: new URL('../../../agent/imaging/worker.ts', import.meta.url),
      workers: { size: 1 },
      keepFreeBytes: 0,
      ended: ended.signal,
    });
    expect(await server.mounted()).toEqual([backupRoot, tftpRoot]);
  }

  it('is acted on by its words alone, and removed from the TFTP area that the agent has mounted', async () => {
    await boot();

    expect(rebooted).toBe(true);
    await expect(access(bootFile)).rejects.toThrow();
    const log = await readFile(join(server.onDisk('/export/testbox-backup'), 'maintenance.log'), 'utf8');
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+: 10\.40\.41\.42: /, ''));
    expect(lines).toEqual([
      'bench-1 says hi.',
      "info: Executing 'refresh-info'.",
      "info: 'refresh-info' - done",
      'info: rebooting',
    ]);
  });

  it('keeps the box where it is when the TFTP area takes no writes', async () => {
    await server.treat('/export/testbox-tftp', 'ro');

    await boot();

    expect(rebooted).toBe(false);
    expect(await readFile(bootFile, 'utf8')).toBe(BOOT_FILE);
    expect(console.join('\n')).toMatch(/0A28292A can't be removed: .*read-only.*exit 99/);
  });
});
