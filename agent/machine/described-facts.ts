import type { DescribedMachine } from '../../src/contract/described-machine.ts';
import type { MachineFacts } from '../machine.ts';

const CPU_MODEL = 'Testbox described machine';

/** What the inventory programs would say of a machine that is described instead of found. */
export function inspectDescribed(description: DescribedMachine): MachineFacts {
  const { disks, macs, uuid } = description;
  const none = 'a described machine has none';
  return {
    cpuModel: CPU_MODEL,
    memoryBytes: null,
    kernel: null,
    sections: [
      { title: 'cpuinfo', text: `processor\t: 0\nmodel name\t: ${CPU_MODEL}` },
      {
        title: 'lspci -vvv',
        text: [
          ...macs.map((mac) => `Ethernet controller: described\n\tDevice Serial Number ${mac}`),
          ...disks.map(({ kernelName }) => `Mass storage controller: described\n\tDisk: ${kernelName}`),
        ].join('\n'),
      },
      { title: 'biosdecode', text: none },
      { title: 'dmidecode', text: `System Information\n\tUUID: ${uuid ?? 'Not Settable'}` },
      {
        title: 'fdisk -l',
        text: disks
          .map(
            ({ kernelName, sizeBytes, sectorSizeBytes, identity }) =>
              `Disk /dev/${kernelName}: ${sizeBytes} bytes, ${sizeBytes / sectorSizeBytes} sectors\n` +
              `Disk model: ${identity.model ?? 'unknown'}`,
          )
          .join('\n'),
      },
      { title: 'dmesg', text: none },
    ],
  };
}
