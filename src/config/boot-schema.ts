import { z } from 'zod';
import { TestboxAddress } from '../contract/address.ts';
import { isNetmask } from '../domain/subnet.ts';
import type { MaintenanceNetwork } from '../domain/testbox.ts';

const NETMASK = 'a netmask such as 255.255.255.0';
const NETWORK = 'pxe, dhcp or { netmask: 255.255.255.0, gateway: 10.40.41.1 }';
const SERIAL_CONSOLE = 'a serial console such as ttyS0,115200';

const StaticNetwork = z.strictObject({
  netmask: z.string(NETMASK).refine(isNetmask, NETMASK),
  gateway: z.string('an IPv4 address such as 10.40.41.1').pipe(TestboxAddress).optional(),
});

/** How the maintenance system gets its address. */
const Network = z.union([z.enum(['pxe', 'dhcp']), StaticNetwork], NETWORK);

/** As the kernel takes it; PXELINUX knows the same rates. */
const SerialConsole = z
  .string(SERIAL_CONSOLE)
  .regex(/^ttyS[0-9]{1,2},(?:1200|2400|4800|9600|19200|38400|57600|115200)(?:n8)?$/, SERIAL_CONSOLE);

/** What a box, or a group of them, needs to boot the maintenance system and its own disk. */
export const BootSettings = z.strictObject({
  network: Network.optional(),
  'serial-console': SerialConsole.optional(),
  'uefi-local-boot': z.enum(['firmware', 'grub'], 'firmware or grub').optional(),
});
export type BootSettings = z.infer<typeof BootSettings>;

/** Of a box and its groups, its own settings first. */
export function networkOf(layers: readonly BootSettings[]): MaintenanceNetwork {
  const network = layers.find((layer) => layer.network !== undefined)?.network ?? 'pxe';
  if (typeof network === 'string') return { kind: network };
  return { kind: 'static', netmask: network.netmask, gateway: network.gateway ?? null };
}

export function serialConsoleOf(layers: readonly BootSettings[]): string | null {
  return layers.find((layer) => layer['serial-console'] !== undefined)?.['serial-console'] ?? null;
}

export function uefiLocalBootOf(layers: readonly BootSettings[]): 'firmware' | 'grub' {
  return layers.find((layer) => layer['uefi-local-boot'] !== undefined)?.['uefi-local-boot'] ?? 'firmware';
}
