import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { parseTestboxAddress, type TestboxAddress } from '../../contract/address.ts';
import { type Network, networkText, parseNetwork } from './network.ts';

/** What a person says on the command line; null is left to the environment. */
export interface InitOptions {
  check: boolean;
  outputDirectory: string;
  stateDirectory: string;
  user: string | null;
  network: Network | null;
  interfaceName: string | null;
  router: TestboxAddress | null;
  nameServer: TestboxAddress | null;
  ipv6Prefix: string | null;
  botAddress: TestboxAddress | null;
  backupExport: 'per-box' | 'shared';
  tftpServer: 'dnsmasq' | 'tftpd-hpa';
  isJobless: boolean;
}

export const DEFAULT_OUTPUT = 'storage';
export const DEFAULT_STATE = '/var/lib/testbox-storage';

/** Of a command without options. */
export function defaultOptions(): InitOptions {
  return {
    check: false,
    outputDirectory: resolve(DEFAULT_OUTPUT),
    stateDirectory: DEFAULT_STATE,
    user: null,
    network: null,
    interfaceName: null,
    router: null,
    nameServer: null,
    ipv6Prefix: null,
    botAddress: null,
    backupExport: 'per-box',
    tftpServer: 'dnsmasq',
    isJobless: false,
  };
}

/** The command that these options were typed with, but for those that go without saying. */
export function commandFor(options: InitOptions): string {
  const words: [string, string | null][] = [
    ['output', options.outputDirectory === resolve(DEFAULT_OUTPUT) ? null : options.outputDirectory],
    ['state', options.stateDirectory === DEFAULT_STATE ? null : options.stateDirectory],
    ['user', options.user],
    ['boxes', options.network === null ? null : networkText(options.network)],
    ['interface', options.interfaceName],
    ['gateway', options.router],
    ['dns', options.nameServer],
    ['ipv6-prefix', options.ipv6Prefix],
    ['bot', options.botAddress],
    ['backup-export', options.backupExport === 'per-box' ? null : options.backupExport],
    ['tftp', options.tftpServer === 'dnsmasq' ? null : options.tftpServer],
  ];
  const given = words.flatMap(([name, value]) => (value === null ? [] : [`--${name} ${value}`]));
  return ['testbox storage init', ...given, ...(options.isJobless ? ['--jobless'] : [])].join(' ');
}

export function readAddress(text: string): TestboxAddress {
  const address = parseTestboxAddress(text);
  if (address !== undefined) return address;
  throw new InvalidArgumentError('expected an IPv4 address such as 10.40.41.1.');
}

export function readNetwork(text: string): Network {
  const network = parseNetwork(text);
  if (network === undefined) throw new InvalidArgumentError('expected a network such as 10.40.41.0/24.');
  if (networkText(network) === text) return network;
  throw new InvalidArgumentError(`expected a network, did you mean ${networkText(network)}?`);
}

/** As the kernel takes it. */
export function readInterface(text: string): string {
  if (/^[A-Za-z0-9_.@-]{1,15}$/.test(text)) return text;
  throw new InvalidArgumentError('expected the name of a network interface such as eth1.');
}

export function readDirectory(text: string): string {
  if (text === '') throw new InvalidArgumentError('expected a directory.');
  return resolve(text);
}

/** Of 64 bits, as interfaces have it. */
export function readIpv6Prefix(text: string): string {
  const [, prefix = ''] = /^([0-9a-f:]+::)(?:\/64)?$/i.exec(text) ?? [];
  if (isIPv6(prefix)) return prefix.toLowerCase();
  throw new InvalidArgumentError('expected an IPv6 prefix of 64 bits such as fd12:3456:789a::.');
}
