import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

const OVMF = '/usr/share/OVMF';

/**
 * QEMU's words for a UEFI firmware that remembers, in a file of the box's own. Its own PXE boots
 * the network, as in a PC, and not the iPXE of QEMU's network card.
 */
export function uefiFirmware(directory: string, box: { name: string }): string[] {
  const variables = join(directory, `${box.name}-firmware.fd`);
  copyFileSync(join(OVMF, 'OVMF_VARS_4M.fd'), variables);
  return [
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF}/OVMF_CODE_4M.fd`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${variables}`],
    ...['-global', 'virtio-net-pci.romfile='],
  ];
}
