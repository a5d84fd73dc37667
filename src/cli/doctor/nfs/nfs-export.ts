import { parseTestboxAddress, type TestboxAddress } from '../../../contract/address.ts';

/** That one client, or one net of them, may mount a path. */
export interface NfsExport {
  /** As clients name it. */
  path: string;
  /** An address, `address/bits`, `address/netmask`, a name, or `*`. */
  client: string;
  isWritable: boolean;
}

/** What the NFS server of this machine exports, and where that is written. */
export interface NfsExports {
  file: string;
  exports: readonly NfsExport[];
}

/** Whether the box is among the clients. A name may be anybody's, and is believed. */
export function isFor({ client }: NfsExport, address: TestboxAddress): boolean {
  if (client === '*' || client === address) return true;
  const [net = '', mask] = client.split('/');
  const first = parseTestboxAddress(net);
  if (first === undefined) return true;
  const size = mask === undefined ? 1 : sizeOf(mask);
  return size !== undefined && Math.floor(asNumber(first) / size) === Math.floor(asNumber(address) / size);
}

/** Of the net, by its number of bits or its netmask. */
function sizeOf(mask: string): number | undefined {
  if (/^[0-9]{1,2}$/.test(mask) && Number(mask) <= 32) return 2 ** (32 - Number(mask));
  const dotted = parseTestboxAddress(mask);
  return dotted === undefined ? undefined : 2 ** 32 - asNumber(dotted);
}

function asNumber(address: TestboxAddress): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}
