import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REBOOT_EXIT_STATUS } from '../../src/contract/described-machine.ts';
import { renderBootConfig } from '../../src/contract/pxelinux.ts';
import { createBox } from '../../src/lab/create-box.ts';
import { labMachines } from '../../src/lab/lab-machines.ts';
import { newKeyPair } from '../../src/lab/new-key-pair.ts';
import { VirtualTestbox } from '../../src/lab/virtual-testbox.ts';
import { MIB, overSsh, PLUTO, smallBox } from './lab-fixture.ts';

const PROBE = 'cat /proc/sys/kernel/random/boot_id';
const CONFIG = renderBootConfig({
  action: 'rescue',
  job: null,
  kernel: 'maintenance-boot/vmlinuz',
  initrd: 'maintenance-boot/initrd.img',
  words: ['boot=nfs'],
});

const machinesOf = (box: VirtualTestbox) => labMachines([box], async () => undefined);

describe('a virtual testbox on its own disk', () => {
  it('shows the banner that is on its disk and answers the probe', async () => {
    const { box, privateKey, lines } = await smallBox();

    await box.powerOn();
    await box.reached('own-system');
    const probe = await overSsh({ ...box.settings.ssh, privateKey }, PROBE);

    expect(lines).toContain('booting sda: pluto, installed 2026-11-22, kernel 6.12.57');
    expect(probe.status).toBe(0);
    expect(probe.output).toMatch(/^boot-id=[0-9a-f-]{36}\nmaintenance=no\nuptime=\d+\nusers=tester\n$/);
  });

  it('comes back from a reboot with another boot id, on the same port, with the same host key', async () => {
    const { box, privateKey } = await smallBox();
    await box.powerOn();
    await box.reached('own-system');
    const before = await overSsh({ ...box.settings.ssh, privateKey }, PROBE);

    const starting = once(box, 'state');
    const reboot = await overSsh({ ...box.settings.ssh, privateKey }, 'systemd-run reboot');
    await starting;
    await box.reached('own-system');
    const after = await overSsh({ ...box.settings.ssh, privateKey }, PROBE);

    expect(reboot.status).toBe(0);
    expect(after.output).not.toBe(before.output);
    expect(after.hostKey).toBe(before.hostKey);
  });

  it('refuses other keys and unknown commands', async () => {
    const { box, privateKey } = await smallBox();
    await box.powerOn();
    await box.reached('own-system');
    const stranger = newKeyPair().private;

    await expect(overSsh({ ...box.settings.ssh, privateKey: stranger }, PROBE)).rejects.toThrow(
      /authentication/,
    );
    expect((await overSsh({ ...box.settings.ssh, privateKey }, 'rm -rf /')).status).toBe(127);
  });

  it('says why it does not boot once its disk is broken, and is down', async () => {
    const { box, privateKey, lines } = await smallBox();
    await box.powerOn();
    await box.reached('own-system');

    await machinesOf(box).act({ kind: 'break', box: 'pluto' });
    await box.reached('stuck');

    expect(lines.at(-1)).toBe('no bootable device: boot sector has no 55 AA signature');
    await expect(overSsh({ ...box.settings.ssh, privateKey }, PROBE)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('refuses SSH after ssh-down until it is switched on again', async () => {
    const { box, privateKey } = await smallBox();
    await box.powerOn();
    await box.reached('own-system');

    await box.stopSsh();

    await expect(overSsh({ ...box.settings.ssh, privateKey }, PROBE)).rejects.toThrow(/ECONNREFUSED/);
    await box.powerOn();
    await box.reached('own-system');
    expect((await overSsh({ ...box.settings.ssh, privateKey }, PROBE)).status).toBe(0);
  });

  it('is the same box when the lab is opened again', async () => {
    const { box, lab } = await smallBox();
    const hash = await machinesOf(box).hash('pluto', 'sda');

    const again = new VirtualTestbox(await createBox(PLUTO, lab));

    expect(again.settings).toEqual(box.settings);
    expect(await machinesOf(again).hash('pluto', 'sda')).toBe(hash);
  });

  it('has an empty disk with another serial number after a replacement', async () => {
    const { box } = await smallBox();

    await machinesOf(box).act({ kind: 'replace-disk', box: 'pluto', disk: 'sda', sizeBytes: 4 * MIB });
    await box.reached('stuck');

    expect(box.settings.disks[0]?.serial).toBe('LAB-PLUTO-2');
  });
});

describe('a changed virtual testbox', () => {
  it('has the disk that was put in, with data on it, also when the lab is opened again', async () => {
    const { box, lab } = await smallBox();
    const machines = machinesOf(box);

    await machines.act({ kind: 'add-disk', box: 'pluto', disk: 'sdb', sizeBytes: 4 * MIB });
    const hash = await machines.hash('pluto', 'sdb');
    await machines.act({ kind: 'scribble', box: 'pluto', disk: 'sdb' });

    expect(box.state).toBe('own-system');
    expect(await machines.hash('pluto', 'sdb')).not.toBe(hash);
    const again = await createBox(PLUTO, lab);
    expect(again.disks.map(({ serial }) => serial)).toEqual(['LAB-PLUTO-1', 'LAB-PLUTO-SDB-1']);
    await expect(
      machines.act({ kind: 'add-disk', box: 'pluto', disk: 'sdb', sizeBytes: MIB }),
    ).rejects.toThrow('pluto has a disk sdb already');
  });

  it('boots its disk past a boot config when the disk comes first', async () => {
    const { box, lab } = await smallBox();
    await writeFile(join(lab.tftpRoot, 'pxelinux.cfg', '0A28292A'), CONFIG);

    await machinesOf(box).act({ kind: 'boot-order', box: 'pluto', order: 'disk' });
    await machinesOf(box).act({ kind: 'power-on', box: 'pluto' });

    expect(box.state).toBe('own-system');
  });

  it('stands in front of its firmware when nothing is to be booted', async () => {
    const { box, lines } = await smallBox();

    await machinesOf(box).act({ kind: 'boot-order', box: 'pluto', order: 'none' });
    await machinesOf(box).act({ kind: 'power-on', box: 'pluto' });

    expect(box.state).toBe('stuck');
    expect(lines.at(-1)).toBe('no boot device is chosen: press F1 for setup');
  });

  it('tells of its logs on the share, the lines about others left out', async () => {
    const { box, lab } = await smallBox();
    await writeFile(
      join(lab.backupRoot, 'maintenance.log'),
      'T: 10.40.41.42: pluto says hi.\nT: 10.40.41.43: venus says hi.\n',
    );

    expect(await machinesOf(box).log('pluto')).toBe('T: 10.40.41.42: pluto says hi.');
  });
});

describe('a virtual testbox with a boot config', () => {
  const startsOf = async (directory: string) =>
    (await readFile(join(directory, 'agent-starts'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('runs the agent with the command line of the file, and its disk after the reboot', async () => {
    const { box, lab } = await smallBox();
    await writeFile(join(lab.tftpRoot, 'pxelinux.cfg', '0A28292A'), CONFIG);
    await writeFile(
      join(lab.tftpRoot, 'pxelinux.cfg', '01-52-54-00-00-00-42'),
      CONFIG.replace('rescue', 'backup'),
    );

    await box.powerOn();
    await once(box, 'agent');
    const starts = await startsOf(box.settings.directory);
    await box.powerCut();

    expect(starts).toHaveLength(1);
    expect(starts[0].commandLine).toContain('testbox-action-backup');
    expect(box.state).toBe('off');
  });

  it('boots its disk when the agent asked for the reboot and the file is gone', async () => {
    const { box, lab } = await smallBox();
    const file = join(lab.tftpRoot, 'pxelinux.cfg', '0A28292A');
    await writeFile(file, CONFIG);
    await writeFile(join(box.settings.directory, 'agent-status'), String(REBOOT_EXIT_STATUS));
    const removed = new Promise<void>((resolve) => {
      box.once('agent', () => resolve(writeFile(file, 'DEFAULT local\nLABEL local\nLOCALBOOT\n')));
    });

    await box.powerOn();
    await removed;
    await box.reached('own-system');

    expect((await startsOf(box.settings.directory)).length).toBeGreaterThanOrEqual(1);
  });

  it('starts a crashed agent again within the same boot', async () => {
    const { box, lab } = await smallBox();
    await writeFile(join(lab.tftpRoot, 'pxelinux.cfg', '0A28292A'), CONFIG);
    await writeFile(join(box.settings.directory, 'agent-status'), '1');

    await box.powerOn();
    const restarts = new Promise<void>((resolve) => {
      let seen = 0;
      box.on('agent', (line) => {
        if (line === 'agent is up') seen += 1;
        if (seen === 2) resolve();
      });
    });
    await restarts;
    await box.powerCut();
    const [first, second] = await startsOf(box.settings.directory);

    expect(second.bootId).toBe(first.bootId);
  });

  it('stands still when the kernel that the file names is missing', async () => {
    const { box, lab, lines } = await smallBox();
    await writeFile(join(lab.tftpRoot, 'pxelinux.cfg', '0A28292A'), CONFIG.replace('/vmlinuz', '/vmlinuz-9'));

    await box.powerOn();
    await box.reached('stuck');

    expect(lines.at(-1)).toBe('PXELINUX: maintenance-boot/vmlinuz-9 not found on the TFTP server');
  });
});
