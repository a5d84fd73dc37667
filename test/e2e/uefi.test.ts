import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
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

it('backs up a box by UEFI, whose firmware had its disk first, and looks at another by GRUB', async () => {
  expect([await fetchedBy(CERES), await fetchedBy(VESTA)]).toEqual([[], []]);
  await Promise.all([viaNetwork(CERES, 'backup'), viaNetwork(VESTA, 'refresh-info')]);

  // Nobody has chosen the network the second time: the agent has put it first.
  expect(await fetchedBy(CERES)).toEqual([
    'syslinux64.efi',
    'pxelinux.cfg/0A282933',
    'maintenance-boot/vmlinuz',
    'maintenance-boot/initrd.img',
    'syslinux64.efi',
  ]);
  expect(await fetchedBy(VESTA)).toEqual([
    'grub/grubx64.efi',
    'pxelinux.cfg/0A282934',
    'maintenance-boot/vmlinuz',
    'maintenance-boot/initrd.img',
    'grub/grubx64.efi',
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
  await vesta.serial.untilLine(/could not be started/, { from });
  await rm(file);
  await vesta.home(from);

  const shown = vesta.serial.lines.slice(from);
  expect(shown.filter((line) => /tiny system of/.test(line))).toHaveLength(1);
  expect(shown.filter((line) => /Start PXE/.test(line))).toHaveLength(2);
});

/** A job on a box that boots its disk first, and that somebody sends to the network this once. */
async function viaNetwork({ name }: LabBox, action: string): Promise<void> {
  await lab().mustSsh(name, 'boot-network-once');
  await lab().play(
    `
    !sha256 ${name} sda as installed
    ${action} ${name}
    press confirm ${name}
    wait ${name} running 180s
    wait ${name} succeeded 240s
    !sha256 ${name} sda same installed
    `,
    name,
  );
  await expectHome(lab(), name);
}

/** What a box got by TFTP, in that order. Loaders ask for some files twice, or only whether they are there. */
async function fetchedBy({ address }: LabBox): Promise<string[]> {
  const log = await readFile(join(lab().evidence, 'dnsmasq.log'), 'utf8');
  const sent = [...log.matchAll(/ sent \S*?\/testbox-tftp\/(\S+) to (\S+)/g)];
  return sent
    .flatMap(([, file = '', to]) => (to === address && !/ldlinux|default/.test(file) ? [file] : []))
    .filter((file, place, files) => file !== files[place - 1]);
}
