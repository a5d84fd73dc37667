import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LINUX_PLACES, linuxMachine } from '../../../agent/machine/linux.ts';
import { listLinuxDisks } from '../../../agent/machine/linux-disks.ts';
import { BenchBox, fillDisk, hashFile, MIB } from '../bench-box.ts';
import { FakeBot } from '../fake-bot.ts';

const SIZE = 16 * MIB;
const loopWhy = whyNoLoop();
if (loopWhy !== null) console.warn(`Skipped: the agent on loop devices (${loopWhy})`);

/** Null when this process can make loop devices. */
function whyNoLoop(): string | null {
  if (process.getuid?.() !== 0) return 'not root';
  const folder = mkdtempSync(join(tmpdir(), 'testbox-loop-'));
  const file = join(folder, 'probe');
  try {
    execFileSync('truncate', ['-s', '1M', file]);
    execFileSync('losetup', ['-d', attach(file)]);
    return null;
  } catch {
    return 'losetup does not work here';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function attach(file: string): string {
  return execFileSync('losetup', ['--find', '--show', file], { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim();
}

describe.skipIf(loopWhy !== null)('on loop devices', () => {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  async function loopBox() {
    const box = await BenchBox.make([{ kernelName: 'sda', sizeBytes: SIZE }]);
    undo.push(() => box.remove());
    const device = attach(box.diskFile('sda'));
    undo.push(() => execFileSync('losetup', ['-d', device]));
    const proc = join(box.folder, 'proc');
    await mkdir(proc);
    await symlink('/proc/sys', join(proc, 'sys'));
    await symlink('/proc/self', join(proc, 'self'));
    const backupRoot = join(box.folder, 'mounted');
    const fstab = join(box.folder, 'fstab');
    await writeFile(fstab, `${box.share} ${backupRoot} none bind,noauto 0 0\n`);
    undo.push(() => spawnSync('umount', ['--quiet', backupRoot]));
    const places = {
      ...LINUX_PLACES,
      proc,
      agentConfig: join(box.folder, 'agent.json'),
      backupRoot,
      fstab,
      alsoDisks: [basename(device)],
    };
    return { box, device, places };
  }

  it('backs a real block device up and brings it back past the page cache', async () => {
    const { box, device, places } = await loopBox();
    const original = await hashFile(device);
    const [disk] = (await listLinuxDisks(places)).filter(({ kernelName }) => device.endsWith(kernelName));
    if (disk === undefined) throw new Error('expected the loop device');
    const { identity, kernelName, sizeBytes, sectorSizeBytes } = disk;
    const planned = { identity, kernelName, sizeBytes, sectorSizeBytes };
    const words = `testbox.job=7k3m9q2x testbox.nonce=${'c'.repeat(32)} ip=10.40.41.42:10.0.0.1::255.0.0.0:m:eth0`;

    async function run(action: 'backup' | 'restore') {
      const plan = await box.plan(action, {
        onlySlots: null,
        testbox: { ...(await box.plan(action)).testbox, uuid: null },
      });
      const disks = plan.disks.map(({ image }) => ({ slot: kernelName, disk: planned, image }));
      const bot = await FakeBot.start({ ...plan, disks });
      await writeFile(places.agentConfig, JSON.stringify({ botUrl: bot.url, allowJobless: false }));
      await writeFile(join(places.proc, 'cmdline'), `testbox-action-${action} ${words}\n`);
      const machine = { ...(await linuxMachine(places)), localAddress: null, reboot: async () => undefined };
      await box.start(bot, { machine }).ended;
      await bot.stop();
      return bot;
    }

    const backup = await run('backup');
    await fillDisk(box.diskFile('sda'), SIZE, 31);
    box.description = {
      ...box.description,
      disks: box.description.disks.map((one) => ({ ...one, kernelName })),
    };
    const restore = await run('restore');

    expect(backup.ended).toMatchObject({ type: 'done', generation: 1 });
    expect(restore.ended).toMatchObject({ type: 'done' });
    expect(await hashFile(device)).toBe(original);
  });

  it('holds its disks alone while it works on them', async () => {
    const { device, places } = await loopBox();
    await writeFile(join(places.proc, 'cmdline'), 'ip=10.40.41.42');
    await writeFile(places.agentConfig, JSON.stringify({ botUrl: null, allowJobless: false }));
    const machine = await linuxMachine(places);
    const name = basename(device);

    const held = await machine.openDisk(name, 'write');

    await expect(machine.openDisk(name, 'write')).rejects.toMatchObject({ code: 'EBUSY' });
    await held.close();
    await (await machine.openDisk(name, 'write')).close();
  });
});

describe('the disk list', () => {
  let root: string;
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  async function block(
    name: string,
    files: Record<string, string>,
    at = `devices/pci0/${name}`,
  ): Promise<void> {
    const all = {
      size: '2048',
      removable: '0',
      ro: '0',
      dev: '8:0',
      'queue/logical_block_size': '512',
      ...files,
    };
    for (const [file, text] of Object.entries(all)) await put(`sys/${at}/${file}`, `${text}\n`);
    await mkdir(join(root, 'sys/block'), { recursive: true });
    await symlink(join(root, 'sys', at), join(root, 'sys/block', name));
  }

  const list = () =>
    listLinuxDisks({
      sys: join(root, 'sys'),
      proc: join(root, 'proc'),
      dev: join(root, 'dev'),
      alsoDisks: [],
    });

  it('has disks of every kind with their identity, and says which are unusable and why', async () => {
    root = await mkdtemp(join(tmpdir(), 'testbox-sysfs-'));
    await block('sda', { 'device/wwid': 'naa.5000c500a1b2c3d4', 'device/model': 'ST1000', dev: '8:0' });
    await block('nvme0n1', {
      wwid: 'eui.0025385b',
      'device/serial': 'S4',
      'device/model': 'PM',
      dev: '259:0',
    });
    await block('vda', { serial: 'virt-1', dev: '252:0', 'queue/logical_block_size': '4096' });
    await block('mmcblk0', { 'device/name': 'eMMC', 'device/serial': '0x1234', dev: '179:0' });
    await block('mmcblk0boot0', { dev: '179:8' });
    await block('loop0', { dev: '7:0' });
    await block('zram0', { dev: '250:0' });
    await block('sdb', { removable: '1', dev: '8:16' });
    await block('sdc', { dev: '8:32' }, 'devices/pci0/usb1/1-1/sdc');
    await block('sdd', { ro: '1', dev: '8:48' });
    await block('sde', { dev: '8:64', 'sde1/dev': '8:65' });
    await block('sdf', { dev: '8:80', 'sdf1/dev': '8:81', 'sdf1/holders/md0': '' });
    await block('sdg', { dev: '8:96', size: '0' });
    await put('proc/self/mountinfo', '22 1 8:65 / /srv rw - ext4 /dev/sde1 rw\n');
    await mkdir(join(root, 'dev/disk/by-path'), { recursive: true });
    await symlink('../../sda', join(root, 'dev/disk/by-path/pci-0000:00:17.0-ata-1'));

    const disks = await list();

    expect(Object.fromEntries(disks.map((disk) => [disk.kernelName, disk.unusable]))).toEqual({
      mmcblk0: null,
      nvme0n1: null,
      sda: null,
      sdb: 'removable',
      sdc: 'USB',
      sdd: 'read-only',
      sde: '/dev/sde1 is mounted at /srv',
      sdf: '/dev/sdf1 is held by md0',
      sdg: 'no medium',
      vda: null,
    });
    expect(disks.find(({ kernelName }) => kernelName === 'sda')?.identity).toEqual({
      wwn: 'naa.5000c500a1b2c3d4',
      model: 'ST1000',
      serial: null,
      path: 'pci-0000:00:17.0-ata-1',
    });
    expect(disks.find(({ kernelName }) => kernelName === 'vda')).toMatchObject({
      sectorSizeBytes: 4096,
      sizeBytes: 2048 * 512,
      identity: { serial: 'virt-1' },
    });
  });
});
