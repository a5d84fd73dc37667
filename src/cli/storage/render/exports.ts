import { BACKUP_EXPORT, boxDirectory, NFSROOT_EXPORT, TFTP_EXPORT } from '../../../contract/share-layout.ts';
import { networkText } from '../network.ts';
import type { StorageSettings } from '../settings.ts';
import { bindMounts } from './bind-mounts.ts';
import { type Configuration, comment, configuration, origin } from './lines.ts';

/** What the kernel's NFS server lets whom do. */
export function renderExports(settings: StorageSettings): Configuration {
  const { network, botAddress, serverAddress, user, isJobless } = settings;
  const boxes = networkText(network);
  const squashed = `all_squash,anonuid=${user.uid},anongid=${user.gid}`;
  const readWrite = `rw,sync,no_subtree_check,${squashed}`;
  const bot = botAddress ?? serverAddress;
  return configuration('exports', [
    ...comment(
      "Exports for the kernel's NFS server (package nfs-kernel-server). Copy to /etc/exports.d/testbox.exports, then run `exportfs -ra`. Not together with ganesha.conf: one NFS server is enough.",
    ),
    ...origin(settings),
    ...comment(
      '',
      'sync everywhere: what a box was told is stored has to be on the disk.',
      `Whoever writes from a box, writes as ${user.name}, the user that the bot runs as.`,
    ),
    ...bindMounts(settings.areas),
    '',
    ...comment('The root of the maintenance system. Its programs run as root, so root stays root.'),
    `${NFSROOT_EXPORT} ${boxes}(ro,sync,no_subtree_check,no_root_squash)`,
    '',
    ...comment(
      isJobless
        ? 'The TFTP area. Without a bot, boxes remove their boot configs themselves.'
        : "The TFTP area. Only the bot's host may write: a box can't change what any box boots.",
    ),
    exportLine(TFTP_EXPORT, [
      ...(bot === null ? [] : [`${bot}(${readWrite})`]),
      `${boxes}(${isJobless ? readWrite : `ro,sync,no_subtree_check,${squashed}`})`,
    ]),
    '',
    ...backupLines(settings, readWrite),
  ]);
}

function backupLines(settings: StorageSettings, readWrite: string): string[] {
  const { boxes, botAddress, backupExport, network } = settings;
  const ofBot = botAddress === null ? [] : [`${botAddress}(${readWrite})`];
  if (backupExport === 'shared') {
    return [
      ...comment('The images. Every box can reach those of all boxes.'),
      exportLine(BACKUP_EXPORT, [...ofBot, `${networkText(network)}(${readWrite})`]),
    ];
  }
  return [
    ...comment(
      "The images, to each box its own. This keeps a box from another's by any path; a root user who forges file handles is only kept out by a file system for each box.",
    ),
    ...(ofBot.length === 0 ? [] : [exportLine(BACKUP_EXPORT, ofBot)]),
    ...boxes.map(({ address }) =>
      exportLine(`${BACKUP_EXPORT}/${boxDirectory(address)}`, [`${address}(${readWrite})`]),
    ),
  ];
}

function exportLine(path: string, clients: readonly string[]): string {
  return `${path} ${clients.join(' ')}`;
}
