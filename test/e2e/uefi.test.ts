import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { hexAddress, TestboxAddress } from '../../src/contract/address.ts';
import { renderBootConfig } from '../../src/contract/pxelinux.ts';
import type { LabBox } from './lab/boxes.ts';
import { expectHome } from './lab/home.ts';
import { siteAt } from './lab/site.ts';
import { useLab } from './lab/use-lab.ts';
import { uefiFirmware } from './uefi/ovmf.ts';
import { makeUefiDisk } from './uefi/uefi-disk.ts';

/** Comes to its own disk by LOCALBOOT, and the firmware goes on. */
const CERES: LabBox = {
  name: 'ceres',
  address: '10.40.41.51',
  mac: '52:54:00:00:00:51',
  uuid: '7e57b0c5-0000-4000-8000-000000000051',
  serials: ['LAB-CERES-1'],
};
/** Comes to its own disk by GRUB. */
const VESTA: LabBox = {
  name: 'vesta',
  address: '10.40.41.52',
  mac: '52:54:00:00:00:52',
  uuid: '7e57b0c5-0000-4000-8000-000000000052',
  serials: ['LAB-VESTA-1'],
  inventory: { 'uefi-local-boot': 'grub' },
};

const variables = mkdtempSync(join(tmpdir(), 'testbox-uefi-'));
afterAll(() => rmSync(variables, { recursive: true }));

const lab = useLab({
  name: 'uefi',
  boxes: [CERES, VESTA],
  inventory: [CERES, VESTA],
  machineArguments: (box) => uefiFirmware(variables, box),
  makeDisk: (file, box) => {
    const { tinySystem, nfsroot } = siteAt(inject('pxeSite'));
    return makeUefiDisk(file, box, { system: tinySystem, root: join(nfsroot, 'current') });
  },
});

it('backs up a box by UEFI, whose firmware had its disk first, and starts another by GRUB', async () => {
  const backedUp = viaNetwork('ceres', 'backup');
  const lookedAt = viaNetwork('vesta', 'refresh-info');
  await Promise.all([backedUp, lookedAt]);

  expect(wayOf('ceres')).toEqual([
    'disk', // the firmware's own order
    'network',
    'syslinux',
    'maintenance',
    'network first again',
    'network', // nobody has chosen it this time
    'syslinux',
    'next entry',
    'disk',
  ]);
  expect(wayOf('vesta')).toEqual([
    'disk',
    'network',
    'grub',
    'maintenance',
    'network first again',
    'network',
    'grub',
    'own loader',
    'disk',
  ]);
});

it('does not start the disk in place of a maintenance system that cannot be loaded', async () => {
  const vesta = lab().box('vesta');
  const file = join(lab().directories.tftp, 'pxelinux.cfg', hexAddress(TestboxAddress.parse(VESTA.address)));
  await writeFile(
    file,
    renderBootConfig({
      action: 'rescue',
      job: null,
      kernel: 'maintenance-boot/vmlinuz',
      initrd: 'maintenance-boot/none.img',
      words: [],
    }),
  );
  const from = vesta.serial.length;
  await vesta.powerOn();
  await vesta.serial.untilLine(/The maintenance system could not be started\. Booting again/, { from });
  await rm(file);
  await vesta.home(from);

  expect(wayOf('vesta', from)).toEqual(['network', 'grub', 'network', 'grub', 'own loader', 'disk']);
});

/** A job on a box that boots its disk first, and that somebody sends to the network this once. */
async function viaNetwork(box: string, action: string): Promise<void> {
  await lab().mustSsh(box, 'boot-network-once');
  await lab().play(
    `
    !sha256 ${box} sda as installed
    ${action} ${box}
    press confirm ${box}
    wait ${box} running 180s
    wait ${box} succeeded 240s
    !sha256 ${box} sda same installed
    `,
    box,
  );
  await expectHome(lab(), box);
}

const STATIONS: readonly (readonly [RegExp, string])[] = [
  [/tiny system of \S+, \S+, is up/, 'disk'],
  [/>>Start PXE over IPv4/, 'network'],
  [/NBP filename is syslinux64\.efi/, 'syslinux'],
  [/NBP filename is grub\/grubx64\.efi/, 'grub'],
  [/Testbox agent /, 'maintenance'],
  [/UEFI boot order: the network, .* is first again/, 'network first again'],
  [/BdsDxe: failed to start .*PXEv4.*: Load Error/, 'next entry'],
  [/No maintenance: starting \(hd0,gpt1\)\/EFI\/BOOT\/BOOTX64\.EFI/, 'own loader'],
];

/** Where a box came along, by its serial line. */
function wayOf(box: string, from = 0): string[] {
  return lab()
    .box(box)
    .serial.lines.slice(from)
    .flatMap((line) => STATIONS.filter(([sign]) => sign.test(line)).map(([, name]) => name));
}
