import { stringify } from 'yaml';
import type { LabBox } from './boxes.ts';

export const SERVER_ADDRESS = '10.40.41.1';
export const BRIDGE = 'testbox';
/** A network of its own: nothing of it is ever routed. */
const IPV6_PREFIX = 'fd7e:57b0:c500::';
export const BRIDGE_ADDRESSES = [`${SERVER_ADDRESS}/24`, `${IPV6_PREFIX}1/64`] as const;
/** Words of `testbox storage init`: boxes of QEMU have iPXE, which waits for an IPv6 router. */
export const STORAGE_WORDS = ['--interface', BRIDGE, '--ipv6-prefix', IPV6_PREFIX] as const;
/** Who the bot runs as, as docs/storage-server.md creates it. */
export const BOT_USER = { name: 'testbox', id: 740 } as const;

/** Places inside of an enclosure: those of docs/storage-server.md. */
export const PLACES = {
  program: '/opt/testbox',
  node: '/usr/local/bin/node',
  testbox: '/usr/local/bin/testbox',
  settings: '/etc/testbox',
  state: '/var/lib/testbox',
  key: '/var/lib/testbox/.ssh/id_ed25519',
  tftp: '/export/testbox-tftp',
  backup: '/export/testbox-backup',
  nfsroot: '/export/testbox-nfsroot',
} as const;

/**
 * The bot's `.env`. Of all of it, a real lab has two values of its own, the addresses of its
 * server, and the tokens of its chat where this one has a console.
 */
export function environmentFile(consoleSocket: string): string {
  const values = {
    TESTBOX_TFTP_ROOT: PLACES.tftp,
    TESTBOX_BACKUP_ROOT: PLACES.backup,
    TESTBOX_NFSROOT: PLACES.nfsroot,
    TESTBOX_NFS_SERVER: SERVER_ADDRESS,
    TESTBOX_REPORT_URL: `http://${SERVER_ADDRESS}:7480`,
    TESTBOX_INVENTORY: `${PLACES.settings}/testboxes.yaml`,
    TESTBOX_SSH_KEY: PLACES.key,
    TESTBOX_SSH_KNOWN_HOSTS: `${PLACES.state}/.ssh/known_hosts`,
    TESTBOX_AUTHORIZED_KEYS: `${PLACES.settings}/authorized_keys`,
    DATABASE_URL: `sqlite:${PLACES.state}/testbox.sqlite`,
    TESTBOX_CONSOLE: consoleSocket,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** `testboxes.yaml`. Approvals as by default: a restore needs somebody else's. */
export function inventoryFile(boxes: readonly LabBox[]): string {
  return stringify({
    groups: { lab: { deadlines: { reboot: '30s' } } },
    testboxes: boxes.map(({ name, address, mac, inventory }) => ({
      name,
      ip: address,
      mac,
      groups: ['lab'],
      ssh: { 'host-key': 'first-use' },
      'serial-console': 'ttyS0,115200',
      ...inventory,
    })),
    people: { alice: ['console:console:alice'], bob: ['console:console:bob'] },
    roles: { operator: { people: ['alice'] }, approver: { people: ['bob'] } },
  });
}
