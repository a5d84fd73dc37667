import type { BootEntry, BootSettings } from './efibootmgr.ts';

/** What is to be done so that the box goes on booting from the network. */
export type BootOrderAdvice =
  | { kind: 'fine' }
  | { kind: 'change'; order: string[]; entry: BootEntry }
  /** The firmware knows no way to boot from the network, or none that is switched on. */
  | { kind: 'no-network'; inactive: BootEntry | null };

/**
 * The entry that this boot came from goes first, for it is known to work; where the firmware
 * doesn't say that, an entry that boots over IPv4 from a network card.
 *
 * @param macs of this machine
 */
export function adviseBootOrder(settings: BootSettings, macs: readonly string[]): BootOrderAdvice {
  const { entries, current, order } = settings;
  const networks = entries.filter(isNetworkEntry);
  const usable = networks.filter(({ active }) => active);
  const first = entries.find(({ number }) => number === order[0]);
  const proven = usable.find(({ number }) => number === current);
  if (proven === undefined && first !== undefined && usable.includes(first)) return { kind: 'fine' };
  const [entry] = proven === undefined ? byTrust(usable, macs) : [proven];
  if (entry === undefined) return { kind: 'no-network', inactive: networks[0] ?? null };
  if (order[0] === entry.number) return { kind: 'fine' };
  // A firmware without an order tries its entries as they come: they stay what it tries next.
  const before =
    order.length > 0 ? order : entries.filter(({ active }) => active).map(({ number }) => number);
  return {
    kind: 'change',
    entry,
    order: [entry.number, ...before.filter((other) => other !== entry.number)],
  };
}

/** Boots with PXE. HTTP boot (`Uri`) is over the network too, but it never reads our boot configs. */
export function isNetworkEntry({ name, path }: BootEntry): boolean {
  if (/Uri\(|\bHTTPS?(?:v[46])?\b/i.test(`${path} ${name}`)) return false;
  if (/\bMAC\(|\bIPv[46]\(|BBS\((?:Network|128|0x80)\b/i.test(path)) return true;
  if (/\b(?:HD|CDROM|NVMe|SATA|Sata|UsbClass)\(/i.test(path)) return false;
  return /\bPXE|PXE\b|\bPXEv[46]\b|\bnetwork\b|\bPCI LAN\b|\bNIC\b|\bLAN\b.*\bboot\b/i.test(name);
}

/** Best first: this box's own cards before others, IPv4 before IPv6, UEFI before the old BIOS way. */
function byTrust(entries: readonly BootEntry[], macs: readonly string[]): BootEntry[] {
  const own = macs.map((mac) => mac.replaceAll(':', '').toUpperCase());
  const rank = ({ name, path }: BootEntry) => {
    const mac = /\bMAC\(([0-9A-F]{12})/i.exec(path)?.[1]?.toUpperCase();
    const version6 = /\bIPv6\(/i.test(path) || (!/\bIPv4\(/i.test(path) && /ipv6|pxev6|ip6/i.test(name));
    return (
      (/BBS\(/i.test(path) ? 4 : 0) + (version6 ? 2 : 0) + (mac === undefined || own.includes(mac) ? 0 : 1)
    );
  };
  return [...entries].sort((a, b) => rank(a) - rank(b));
}
