import { BACKUP_EXPORT, boxDirectory, NFSROOT_EXPORT, TFTP_EXPORT } from '../../../contract/share-layout.ts';
import { networkText } from '../network.ts';
import type { StorageSettings } from '../settings.ts';
import { withExportIds } from './export-ids.ts';
import { type Configuration, comment, configuration, origin } from './lines.ts';

/** Who may do what on an export. */
interface Client {
  clients: string;
  access: 'RO' | 'RW';
  squash: 'bot' | 'none';
}

const TFTP_ID = 1;
const BACKUP_ID = 2;
const NFSROOT_ID = 3;
/** The bot's host gets the share as a whole under a name of its own: no box has to pass through it. */
const BACKUP_FOR_BOT = `${BACKUP_EXPORT}-of-all-boxes`;

/**
 * Bot and commands write there without going through NFS: for a minute nfs-ganesha would go on to say
 * that a boot config isn't there which a box has just booted by, or an agent that was put in its place.
 */
const CHANGED_BEHIND_ITS_BACK = '  Attr_Expiration_Time = 0;';

/** The same exports for nfs-ganesha, NFSv4 only. */
export function renderGanesha(settings: StorageSettings): Configuration {
  const { serverAddress, stateDirectory } = settings;
  return configuration('ganesha.conf', [
    ...comment(
      'Exports for nfs-ganesha (packages nfs-ganesha, nfs-ganesha-vfs), where the kernel has no NFS server. Copy to /etc/ganesha/ganesha.conf, then run `systemctl restart nfs-ganesha`. Not together with exports: one NFS server is enough.',
    ),
    ...origin(settings),
    '',
    'NFS_CORE_PARAM {',
    '  NFS_Port = 2049;',
    ...(serverAddress === null ? [] : [`  Bind_addr = ${serverAddress};`]),
    '  Protocols = 4;',
    '  Enable_NLM = false;',
    '  Enable_RQUOTA = false;',
    '  Enable_UDP = false;',
    '}',
    '',
    ...comment('Without 4.2, which clients would choose: boxes with newer kernels get read errors by it.'),
    'NFSv4 {',
    '  Minor_Versions = 0, 1;',
    '  RecoveryBackend = fs;',
    `  RecoveryRoot = "${stateDirectory}/ganesha";`,
    '  Only_Numeric_Owners = true;',
    '}',
    '',
    'NFS_KRB5 { Active_krb5 = false; }',
    '',
    ...comment('Nothing is for anybody who is not named below.'),
    'EXPORT_DEFAULTS {',
    '  Access_Type = None;',
    '  SecType = sys;',
    '  Protocols = 4;',
    '  Transports = TCP;',
    '  PrivilegedPort = true;',
    '}',
    ...exportBlocks(settings),
  ]);
}

function exportBlocks(settings: StorageSettings): string[] {
  const { areas, network, serverAddress, botAddress, isJobless } = settings;
  const boxes = networkText(network);
  const bot = botAddress ?? serverAddress;
  const ofBot: Client[] = bot === null ? [] : [{ clients: bot, access: 'RW', squash: 'bot' }];
  return [
    ...block(settings, {
      why: 'The root of the maintenance system. Its programs run as root, so root stays root.',
      id: NFSROOT_ID,
      path: areas.nfsroot,
      pseudo: NFSROOT_EXPORT,
      clients: [{ clients: boxes, access: 'RO', squash: 'none' }],
    }),
    ...block(settings, {
      why: isJobless
        ? 'The TFTP area. Without a bot, boxes remove their boot configs themselves.'
        : "The TFTP area. Only the bot's host may write: a box can't change what any box boots.",
      id: TFTP_ID,
      path: areas.tftpRoot,
      pseudo: TFTP_EXPORT,
      clients: [...ofBot, { clients: boxes, access: isJobless ? 'RW' : 'RO', squash: 'bot' }],
    }),
    ...backupBlocks(settings),
  ];
}

function backupBlocks(settings: StorageSettings): string[] {
  const { areas, boxes, network, botAddress, backupExport } = settings;
  const ofBot: Client[] = botAddress === null ? [] : [{ clients: botAddress, access: 'RW', squash: 'bot' }];
  if (backupExport === 'shared') {
    return block(settings, {
      why: 'The images. Every box can reach those of all boxes.',
      id: BACKUP_ID,
      path: areas.backupRoot,
      pseudo: BACKUP_EXPORT,
      clients: [...ofBot, { clients: networkText(network), access: 'RW', squash: 'bot' }],
    });
  }
  const whole = block(settings, {
    why: "All images, for the bot's host alone.",
    id: BACKUP_ID,
    path: areas.backupRoot,
    pseudo: BACKUP_FOR_BOT,
    clients: ofBot,
  });
  return [
    ...(ofBot.length === 0 ? [] : whole),
    ...withExportIds(boxes).flatMap(({ name, address, exportId }) =>
      block(settings, {
        why: `The images of ${name}, for ${name} alone.`,
        id: exportId,
        path: `${areas.backupRoot}/${boxDirectory(address)}`,
        pseudo: `${BACKUP_EXPORT}/${boxDirectory(address)}`,
        clients: [{ clients: address, access: 'RW', squash: 'bot' }],
      }),
    ),
  ];
}

function block(
  { user }: StorageSettings,
  wanted: { why: string; id: number; path: string; pseudo: string; clients: readonly Client[] },
): string[] {
  return [
    '',
    ...comment(wanted.why),
    'EXPORT {',
    `  Export_Id = ${wanted.id};`,
    `  Path = "${wanted.path}";`,
    `  Pseudo = "${wanted.pseudo}";`,
    ...wanted.clients.flatMap(({ clients, access, squash }) => [
      '  CLIENT {',
      `    Clients = ${clients};`,
      `    Access_Type = ${access};`,
      '    Protocols = 4;',
      ...(squash === 'none'
        ? ['    Squash = No_Root_Squash;']
        : [
            '    Squash = All_Squash;',
            `    Anonymous_Uid = ${user.uid};`,
            `    Anonymous_Gid = ${user.gid};`,
          ]),
      '  }',
    ]),
    CHANGED_BEHIND_ITS_BACK,
    '  FSAL { Name = VFS; }',
    '}',
  ];
}
