import { parseTestboxAddress, type TestboxAddress } from '../contract/address.ts';

const BITS = 32;

/** Ones and then zeros, dotted, with room for a host and a gateway: 255.255.255.0. */
export function isNetmask(text: string): boolean {
  return hostBits(text) !== undefined;
}

/** @param netmask one that `isNetmask` takes */
export function inSameNet(one: TestboxAddress, other: TestboxAddress, netmask: string): boolean {
  const size = netSize(netmask);
  return Math.floor(asNumber(one) / size) === Math.floor(asNumber(other) / size);
}

/** False for the address of the net itself and for its broadcast address. */
export function isHostOf(address: TestboxAddress, netmask: string): boolean {
  const size = netSize(netmask);
  const host = asNumber(address) % size;
  return host !== 0 && host !== size - 1;
}

function netSize(netmask: string): number {
  return 2 ** (hostBits(netmask) ?? 0);
}

function hostBits(netmask: string): number | undefined {
  const mask = parseTestboxAddress(netmask);
  if (mask === undefined) return undefined;
  const zeros = /^1+(0{2,})$/.exec(asNumber(mask).toString(2).padStart(BITS, '0'))?.[1];
  return zeros?.length;
}

function asNumber(address: TestboxAddress): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}
