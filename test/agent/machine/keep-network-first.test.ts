import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepNetworkFirst } from '../../../agent/machine/boot-order/keep-network-first.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-efi-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A firmware with a network and a disk entry, and an `efibootmgr` that is as strict as the real one. */
async function firmware(
  order: string,
  how: { next?: string; forgets?: boolean; network?: string } = {},
): Promise<void> {
  await mkdir(join(folder, 'firmware/efi/efivars'), { recursive: true });
  await writeFile(join(folder, 'firmware/efi/efivars/BootOrder-8be4df61'), '');
  await writeFile(join(folder, 'order'), order);
  const program = `#!/bin/sh
cd ${folder}
case "$1" in
-v) ;;
-o) for one in $(echo "$2" | tr , ' '); do
      case $one in 0001|0003) ;; *) echo "efibootmgr: entry $one does not exist" >&2; exit 8;; esac
    done
    echo "$2" >> asked
    ${how.forgets === true ? ':' : 'printf %s "$2" > order'};;
*) echo "efibootmgr: unrecognized option $1" >&2; exit 1;;
esac
echo "BootCurrent: 0003"
${how.next === undefined ? '' : `echo "BootNext: ${how.next}"`}
echo "BootOrder: $(cat order)"
echo "Boot0001* debian	HD(1,GPT,x)/File(grub)"
echo "Boot0003* ${how.network ?? 'UEFI PXEv4	PciRoot(0x0)/MAC(525400000042,1)/IPv4(0.0.0.0)'}"
`;
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/efibootmgr'), program);
  await chmod(join(folder, 'bin/efibootmgr'), 0o755);
}

const look = (path = `${join(folder, 'bin')}:${process.env.PATH}`) =>
  keepNetworkFirst({ sys: folder, path, macs: ['52:54:00:00:00:42'] });
const asked = () => readFile(join(folder, 'asked'), 'utf8').catch(() => '');

it('does nothing on a machine without UEFI', async () => {
  expect(await look()).toEqual([]);
});

it('does nothing where the network is first', async () => {
  await firmware('0003,0001');

  expect(await look()).toEqual([]);
  expect(await asked()).toBe('');
});

it('puts the network first, once, and says so', async () => {
  await firmware('0001,0003');

  const remarks = await look();

  expect(remarks).toEqual([
    {
      level: 'info',
      message: expect.stringMatching(/Boot0003 \(UEFI PXEv4\), is first again \(it was 0001,0003\)/),
    },
  ]);
  expect(await look()).toEqual([]);
  expect(await asked()).toBe('0003,0001\n');
});

it('says of a firmware that does not keep it what a person has to do', async () => {
  await firmware('0001,0003', { forgets: true });

  expect(await look()).toEqual([
    { level: 'warn', message: expect.stringMatching(/the firmware did not keep it.*firmware's setup/) },
  ]);
});

it('says that nothing boots from the network', async () => {
  await firmware('0001,0003', { network: 'UEFI Shell' });

  expect(await look()).toEqual([{ level: 'warn', message: expect.stringContaining('switch PXE on') }]);
});

it('says when the next boot goes elsewhere, and not when it goes to the network', async () => {
  await firmware('0003,0001', { next: '0001' });

  expect(await look()).toEqual([
    { level: 'warn', message: expect.stringMatching(/BootNext.*Boot0001 \(debian\)/) },
  ]);
  await rm(join(folder, 'bin'), { recursive: true });
  await firmware('0003,0001', { next: '0003' });
  expect(await look()).toEqual([]);
});

it('never fails: no program, no variables', async () => {
  await mkdir(join(folder, 'firmware/efi/efivars'), { recursive: true });
  expect(await look()).toEqual([{ level: 'warn', message: expect.stringContaining('efivarfs') }]);

  await writeFile(join(folder, 'firmware/efi/efivars/x'), '');
  expect(await look(join(folder, 'nothing'))).toEqual([
    { level: 'warn', message: expect.stringContaining('no program "efibootmgr"') },
  ]);
});
