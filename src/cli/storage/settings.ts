import type { StorageConfig } from '../../config/storage-env.ts';
import { parseTestboxAddress, type TestboxAddress } from '../../contract/address.ts';
import type { Testbox } from '../../domain/testbox.ts';
import type { BotUser } from './bot-user.ts';
import type { Network } from './network.ts';
import { commandFor, type InitOptions } from './options.ts';

/** What the storage server has to know of a box. */
export type StorageBox = Pick<Testbox, 'name' | 'address' | 'mac' | 'uefiLocalBoot'>;

/** The directories of the three areas, absolute. */
export interface Areas {
  tftpRoot: string;
  backupRoot: string;
  nfsroot: string;
}

/** All that the configuration of the storage server is made from. */
export interface StorageSettings {
  /** As a person types it to get the same again. */
  command: string;
  areas: Areas;
  /** Where the daemons keep what they have to remember. */
  stateDirectory: string;
  /** As boxes reach it; null where the environment has a name instead. */
  serverAddress: TestboxAddress | null;
  /** Of the bot's host, where that is another machine than the server. */
  botAddress: TestboxAddress | null;
  user: BotUser;
  network: Network;
  /** The interface that boxes are reached by; null lets the server's address decide. */
  interfaceName: string | null;
  /** What boxes are told by DHCP; null is the DHCP server itself, or nothing. */
  router: TestboxAddress | null;
  nameServer: TestboxAddress | null;
  /** On that interface; null leaves IPv6 alone. */
  ipv6Prefix: string | null;
  boxes: readonly StorageBox[];
  /** Per box, each box can reach its own images only. */
  backupExport: 'per-box' | 'shared';
  /** Who serves the TFTP area. */
  tftpServer: 'dnsmasq' | 'tftpd-hpa';
  /** A lab without a bot: boxes remove their boot configs themselves. */
  isJobless: boolean;
}

/** What follows from environment, options and inventory; nothing is looked at any more. */
export function settingsOf(known: {
  config: Areas & Pick<StorageConfig, 'nfsServer'>;
  options: InitOptions;
  user: BotUser;
  network: Network;
  boxes: readonly StorageBox[];
}): StorageSettings {
  const { config, options, user, network, boxes } = known;
  const serverAddress = parseTestboxAddress(config.nfsServer) ?? null;
  return {
    command: commandFor(options),
    areas: { tftpRoot: config.tftpRoot, backupRoot: config.backupRoot, nfsroot: config.nfsroot },
    stateDirectory: options.stateDirectory,
    serverAddress,
    botAddress: options.botAddress === serverAddress ? null : options.botAddress,
    user,
    network,
    interfaceName: options.interfaceName,
    router: options.router,
    nameServer: options.nameServer,
    ipv6Prefix: options.ipv6Prefix,
    boxes,
    backupExport: boxes.length === 0 ? 'shared' : options.backupExport,
    tftpServer: options.tftpServer,
    isJobless: options.isJobless,
  };
}
