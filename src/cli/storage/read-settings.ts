import type { StorageConfig } from '../../config/storage-env.ts';
import { openInventory } from '../../config/watched-inventory.ts';
import { parseTestboxAddress } from '../../contract/address.ts';
import { inSameNet, isHostOf } from '../../domain/subnet.ts';
import { findBotUser } from './bot-user.ts';
import { directoryProblems } from './directories.ts';
import { fileSystemNotes } from './file-systems.ts';
import { type FoundNetwork, type Network, networkOfServer, networkText } from './network.ts';
import type { InitOptions } from './options.ts';
import { type StorageBox, type StorageSettings, settingsOf } from './settings.ts';
import { unmounted } from './unmounted.ts';

export type SettingsReading =
  | { ok: true; settings: StorageSettings; notes: string[] }
  /** Sentences: nothing may be changed before they are put right. */
  | { ok: false; problems: string[] };

/** Puts together environment, inventory, options and what this machine tells. */
export async function readSettings(config: StorageConfig, options: InitOptions): Promise<SettingsReading> {
  const areas = { tftpRoot: config.tftpRoot, backupRoot: config.backupRoot, nfsroot: config.nfsroot };
  const named = [
    { name: 'TESTBOX_TFTP_ROOT', path: areas.tftpRoot },
    { name: 'TESTBOX_BACKUP_ROOT', path: areas.backupRoot },
    { name: 'TESTBOX_NFSROOT', path: areas.nfsroot },
  ];
  const problems = [
    ...(await directoryProblems([
      ...named,
      { name: '--output', path: options.outputDirectory },
      { name: '--state', path: options.stateDirectory },
    ])),
    ...(await unmounted(named)),
  ];
  const user = await findBotUser(options.user, areas.backupRoot);
  if (user.kind === 'problem') problems.push(user.problem);
  const inventory = await openInventory(config.inventoryFile);
  if (!inventory.ok) problems.push(...inventory.problems);
  const boxes = inventory.ok ? inventory.inventory.testboxes() : [];
  const serverAddress = parseTestboxAddress(config.nfsServer) ?? null;
  const found: FoundNetwork | undefined =
    options.network !== null
      ? { kind: 'told', network: options.network }
      : serverAddress === null
        ? undefined
        : networkOfServer(serverAddress);
  if (found === undefined) {
    problems.push(
      `the net of the boxes is unknown, as TESTBOX_NFS_SERVER (${config.nfsServer}) is no address of one: name it with --boxes, such as --boxes 10.40.41.0/24`,
    );
  } else problems.push(...addressProblems(boxes, found, config.nfsServer));
  if (found === undefined || user.kind === 'problem' || problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    settings: settingsOf({ config, options, user: user.user, network: found.network, boxes }),
    notes: [...(await fileSystemNotes(named)), ...notesOn(found, boxes)],
  };
}

function addressProblems(boxes: readonly StorageBox[], found: FoundNetwork, server: string): string[] {
  const { network } = found;
  const net = networkText(network);
  const outside = boxes.filter((box) => !isHost(box, network));
  const doubled = boxes.filter(({ address }) => address === server);
  return [
    ...doubled.map(({ name }) => `${name} has the address of the storage server itself (${server})`),
    ...(outside.length === 0
      ? []
      : [
          `${outside.map(({ name, address }) => `${name} (${address})`).join(', ')} can't be on the net ${net}${found.kind === 'told' ? '' : ', as it was taken from TESTBOX_NFS_SERVER'}: put the inventory right, or name a net that has room for all with --boxes`,
        ]),
  ];
}

function isHost({ address }: StorageBox, { address: net, netmask }: Network): boolean {
  return inSameNet(address, net, netmask) && isHostOf(address, netmask);
}

function notesOn({ kind, network }: FoundNetwork, boxes: readonly StorageBox[]): string[] {
  const withoutMac = boxes.filter(({ mac }) => mac === null).map(({ name }) => name);
  return [
    ...(kind === 'assumed'
      ? [
          `no interface of this machine has the server's address, so the net is taken for ${networkText(network)}; --boxes names another one`,
        ]
      : []),
    ...(boxes.length === 0
      ? ['the inventory has no boxes: nobody is answered by DHCP, and the backup share is for the whole net']
      : []),
    ...(withoutMac.length === 0
      ? []
      : [
          `DHCP can't answer ${withoutMac.join(', ')}: the inventory has no "mac" for ${withoutMac.length === 1 ? 'it' : 'them'}`,
        ]),
  ];
}
