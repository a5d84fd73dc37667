import { networkInterfaces } from 'node:os';
import { parseTestboxAddress, type TestboxAddress } from '../../contract/address.ts';
import { isNetmask } from '../../domain/subnet.ts';

/** The net that boxes are on: 10.40.41.0/24. */
export interface Network {
  address: TestboxAddress;
  prefix: number;
  netmask: string;
}

const BITS = 32;
/** What a net is taken for when nothing tells. */
const USUAL_PREFIX = 24;

export function networkText({ address, prefix }: Network): string {
  return `${address}/${prefix}`;
}

/** The net of an address and a prefix length; undefined for what is none, or has no room for hosts. */
export function parseNetwork(text: string): Network | undefined {
  const [, first = '', digits = ''] = /^([0-9.]+)\/([0-9]{1,2})$/.exec(text) ?? [];
  const address = parseTestboxAddress(first);
  return address === undefined ? undefined : networkAround(address, Number(digits));
}

export type FoundNetwork =
  /** By a person. */
  | { kind: 'told'; network: Network }
  /** An interface of this machine has the address. */
  | { kind: 'interface'; network: Network }
  | { kind: 'assumed'; network: Network };

/** The net of the server's address, as this machine's interfaces have it. */
export function networkOfServer(server: TestboxAddress): FoundNetwork | undefined {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, address }) => family === 'IPv4' && address === server);
  const found = own?.cidr == null ? undefined : parseNetwork(own.cidr);
  if (found !== undefined) return { kind: 'interface', network: found };
  const assumed = networkAround(server, USUAL_PREFIX);
  return assumed === undefined ? undefined : { kind: 'assumed', network: assumed };
}

function networkAround(address: TestboxAddress, prefix: number): Network | undefined {
  if (prefix > BITS) return undefined;
  const mask = 2 ** BITS - 2 ** (BITS - prefix);
  const netmask = dotted(mask);
  const first = parseTestboxAddress(
    dotted(Math.floor(asNumber(address) / 2 ** (BITS - prefix)) * 2 ** (BITS - prefix)),
  );
  return first === undefined || !isNetmask(netmask) ? undefined : { address: first, prefix, netmask };
}

function asNumber(address: TestboxAddress): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
