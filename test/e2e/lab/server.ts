import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabBox } from './boxes.ts';
import { Enclosure, type Start } from './enclosure.ts';
import { BOT_USER, BRIDGE, BRIDGE_ADDRESSES, environmentFile, inventoryFile, PLACES } from './settings.ts';

const CLONE = fileURLToPath(new URL('../../../', import.meta.url));
const TESTBOX = [PLACES.node, PLACES.testbox] as const;

/** What of a server lies outside of its enclosure, below a directory of the lab's. */
export interface ServerDirectories {
  /** Where the private root is mounted. */
  root: string;
  settings: string;
  state: string;
  tftp: string;
  backup: string;
  nfsroot: string;
  consoleSocket: string;
}

function serverDirectories(scratch: string): ServerDirectories {
  return {
    root: join(scratch, 'root'),
    settings: join(scratch, 'etc-testbox'),
    state: join(scratch, 'state'),
    tftp: join(scratch, 'tftp'),
    backup: join(scratch, 'backup'),
    nfsroot: join(scratch, 'nfsroot'),
    consoleSocket: join(scratch, 'chat.sock'),
  };
}

/**
 * A storage server in an enclosure, as far as docs/storage-server.md gets before `storage init`:
 * the program, its user, its settings, and the interface towards the boxes.
 *
 * @param keyFile the bot's private key; its public half is beside it
 */
export async function openServer(
  scratch: string,
  { keyFile, boxes }: { keyFile: string; boxes: readonly LabBox[] },
): Promise<{ enclosure: Enclosure; directories: ServerDirectories }> {
  const directories = serverDirectories(scratch);
  const { settings, state, tftp, backup, nfsroot } = directories;
  for (const directory of [settings, state, tftp, backup, nfsroot])
    await mkdir(directory, { recursive: true });
  await chown(backup, BOT_USER.id, BOT_USER.id);
  await layOutSettings(directories, { keyFile, boxes });
  const enclosure = await Enclosure.open(directories.root, [
    { from: CLONE, to: PLACES.program, readOnly: true },
    { from: process.execPath, to: PLACES.node, readOnly: true },
    { from: settings, to: PLACES.settings },
    { from: state, to: PLACES.state },
    { from: tftp, to: PLACES.tftp },
    { from: backup, to: PLACES.backup },
    { from: nfsroot, to: PLACES.nfsroot },
  ]);
  await enclosure.must({ argv: ['sh', '-euc', SET_UP] });
  return { enclosure, directories };
}

const SET_UP = `
ln -s ${PLACES.program}/bin/testbox.mjs ${PLACES.testbox}
echo '${BOT_USER.name}:x:${BOT_USER.id}:${BOT_USER.id}::${PLACES.state}:/usr/sbin/nologin' >>/etc/passwd
echo '${BOT_USER.name}:x:${BOT_USER.id}:' >>/etc/group
ip link add ${BRIDGE} type bridge forward_delay 0
${BRIDGE_ADDRESSES.map((address) => `ip address add ${address} dev ${BRIDGE}${address.includes(':') ? ' nodad' : ''}`).join('\n')}
ip link set ${BRIDGE} up
`;

async function layOutSettings(
  { settings, state, consoleSocket }: ServerDirectories,
  { keyFile, boxes }: { keyFile: string; boxes: readonly LabBox[] },
): Promise<void> {
  await writeFile(join(settings, '.env'), environmentFile(consoleSocket));
  await writeFile(join(settings, 'testboxes.yaml'), inventoryFile(boxes));
  await writeFile(join(settings, 'authorized_keys'), '');
  await mkdir(join(state, '.ssh'), { recursive: true, mode: 0o700 });
  for (const [from, to] of [
    [keyFile, 'id_ed25519'],
    [`${keyFile}.pub`, 'id_ed25519.pub'],
  ] as const) {
    await copyFile(from, join(state, '.ssh', to));
    await chmod(join(state, '.ssh', to), 0o600);
    await chown(join(state, '.ssh', to), BOT_USER.id, BOT_USER.id);
  }
  await chown(join(state, '.ssh'), BOT_USER.id, BOT_USER.id);
  await chown(state, BOT_USER.id, BOT_USER.id);
}

/** How the program is started in an enclosure, in the directory of its `.env`. */
export function testboxCommand(words: readonly string[], more: Partial<Start> = {}): Start {
  return { argv: [...TESTBOX, ...words], cwd: PLACES.settings, ...more };
}
