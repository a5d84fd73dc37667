import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { HostKeyPins } from '../../src/app/ports.ts';
import { readInventory } from '../../src/config/inventory.ts';
import type { SshAccess, Testbox } from '../../src/domain/testbox.ts';
import { SshMachines } from '../../src/machine/ssh.ts';
import type { SshTimeouts } from '../../src/machine/ssh-session.ts';

export const BOOT_ID = '7c1ab8e2-58c6-4f0b-9d1d-0f6b6f3c3f10';
/** Never the reason why a test fails, however busy the machine is. */
const PATIENT: SshTimeouts = { readyMs: 20_000, commandMs: 20_000, keepaliveMs: 20_000 };
/** For peers that say nothing, and for commands that never end. */
export const SHORT_LOGIN: SshTimeouts = { ...PATIENT, readyMs: 300 };
export const SHORT_COMMAND: SshTimeouts = { ...PATIENT, commandMs: 300 };

export interface Key {
  private: string;
  /** `type base64` */
  public: string;
}

export function newKey(): Key {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  // About one in 256 of them is malformed: ssh2 drops a leading zero of the key.
  if (ssh2.utils.parseKey(pair.private) instanceof Error) return newKey();
  return { private: pair.private, public: pair.public.split(' ').slice(0, 2).join(' ') };
}

const BOT_KEY = newKey();

/** How the SSH server of a box behaves. */
export interface Behaviour {
  hostKeys?: Key[];
  acceptLogin?: boolean;
  command?(channel: ssh2.ServerChannel, command: string, socket: Socket): void;
}

const open: { server: NetServer; sockets: Set<Socket> }[] = [];

/** Ends all servers of a test. */
export function closeBoxes(): void {
  for (const { server, sockets } of open.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

export async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  open.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

/** A real SSH server on loopback; gives its port. */
export function sshBox({
  hostKeys = [newKey()],
  acceptLogin = true,
  command = succeed,
}: Behaviour): Promise<number> {
  return listen((socket) => {
    const ssh = new ssh2.Server({ hostKeys: hostKeys.map((key) => key.private) }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) =>
        acceptLogin ? context.accept() : context.reject(['publickey']),
      );
      client.on('session', (accept) => {
        accept().on('exec', (acceptExec, _reject, info) => command(acceptExec(), info.command, socket));
      });
    });
    ssh.injectSocket(socket);
  });
}

export function succeed(channel: ssh2.ServerChannel, command: string): void {
  if (command.includes('/proc/sys/kernel/random/boot_id')) {
    channel.write(`boot-id=${BOOT_ID}\nmaintenance=no\nuptime=3600\nusers=alice bob\n`);
  }
  channel.exit(0);
  channel.end();
}

export function endWith(status: number, output = ''): NonNullable<Behaviour['command']> {
  return (channel) => {
    channel.write(output);
    channel.exit(status);
    channel.end();
  };
}

/** Pins in memory, as the store keeps them. */
export function pinsInMemory(pins = new Map<string, string>()): HostKeyPins & { pins: Map<string, string> } {
  return {
    pins,
    pinned: async (place) => pins.get(place) ?? null,
    pin: async (place, key) => {
      const kept = pins.get(place) ?? key;
      pins.set(place, kept);
      return kept;
    },
    replace: async (place, key) => void pins.set(place, key),
    forget: async (place) => pins.delete(place),
  };
}

export function pluto(ssh: Partial<SshAccess>): Testbox {
  const reading = readInventory('testboxes: [{ name: pluto, ip: 10.40.41.42 }]');
  const [box] = reading.ok ? reading.testboxes : [];
  if (box === undefined) throw new Error('the inventory of this test is wrong');
  return { ...box, ssh: { host: '127.0.0.1', port: 22, user: 'root', hostKey: 'first-use', ...ssh } };
}

/** The bot's side, with a private key file and what it knows of host keys. */
export function machines({
  knownHosts = '',
  pins = pinsInMemory(),
  timeouts = PATIENT,
}: {
  knownHosts?: string;
  pins?: HostKeyPins;
  timeouts?: SshTimeouts;
}) {
  const directory = mkdtempSync(join(tmpdir(), 'testbox-ssh-'));
  const keyFile = join(directory, 'id');
  const knownHostsFile = join(directory, 'known_hosts');
  writeFileSync(keyFile, BOT_KEY.private, { mode: 0o600 });
  writeFileSync(knownHostsFile, knownHosts);
  return {
    keyFile,
    knownHostsFile,
    machines: new SshMachines({ keyFile, knownHostsFile, pins, timeouts }),
  };
}
