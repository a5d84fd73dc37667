import { NodeSSH } from 'node-ssh';
import type { SshAccess } from '../domain/testbox.ts';
import { type HostKey, hostKeyAlgorithms, hostKeyText } from './host-keys.ts';

/** A box that prints more has gone wrong; nothing of ours prints near that. */
const OUTPUT_LIMIT_BYTES = 256 * 1024;

export interface SshTimeouts {
  /** Until the login is done. */
  readyMs: number;
  /** Of one command. */
  commandMs: number;
  /** Two of these without an answer end the connection. */
  keepaliveMs: number;
}

export const SSH_TIMEOUTS: SshTimeouts = { readyMs: 5_000, commandMs: 10_000, keepaliveMs: 1_000 };

export type CommandOutcome =
  | { kind: 'ended'; code: number; stdout: string; stderr: string }
  /** The connection was lost, or the time was up: it may have run. */
  | { kind: 'unknown'; why: string };

export type Connecting =
  | { kind: 'connected'; session: SshSession }
  /** Another host key, by `isTrusted`. */
  | { kind: 'untrusted'; shown: HostKey }
  | { kind: 'refused'; why: string }
  | { kind: 'down'; why: string };

export interface SshTarget {
  access: SshAccess;
  privateKey: string;
  /** Keys that the box may show, for the choice of algorithms. */
  expected: readonly HostKey[];
  isTrusted(shown: HostKey): boolean;
  timeouts: SshTimeouts;
}

/** A login on a box. Whoever gets one disposes of it. */
export class SshSession {
  readonly hostKey: HostKey;
  readonly #ssh: NodeSSH;
  readonly #timeouts: SshTimeouts;

  constructor(opened: { ssh: NodeSSH; hostKey: HostKey; timeouts: SshTimeouts }) {
    this.#ssh = opened.ssh;
    this.hostKey = opened.hostKey;
    this.#timeouts = opened.timeouts;
  }

  async run(command: string): Promise<CommandOutcome> {
    const running = this.#execute(command);
    const { commandMs } = this.#timeouts;
    const overrun: CommandOutcome = {
      kind: 'unknown',
      why: `the command had no end within ${commandMs / 1_000} s`,
    };
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<CommandOutcome>((resolve) => {
      timer = setTimeout(resolve, commandMs, overrun);
    });
    const outcome = await Promise.race([running, timeUp]);
    clearTimeout(timer);
    return outcome;
  }

  dispose(): void {
    this.#ssh.dispose();
  }

  async #execute(command: string): Promise<CommandOutcome> {
    let receivedBytes = 0;
    const count = (piece: Buffer) => {
      receivedBytes += piece.length;
      if (receivedBytes > OUTPUT_LIMIT_BYTES) this.dispose();
    };
    try {
      const { code, stdout, stderr } = await this.#ssh.execCommand(command, {
        onStdout: count,
        onStderr: count,
      });
      if (code !== null) return { kind: 'ended', code, stdout, stderr };
      return { kind: 'unknown', why: 'the connection was lost while the command ran' };
    } catch (error) {
      return { kind: 'unknown', why: messageOf(error) };
    }
  }
}

/** Logs in, if the box shows a trusted host key. */
export async function connectSsh(target: SshTarget): Promise<Connecting> {
  const { access, privateKey, expected, isTrusted, timeouts } = target;
  const ssh = new NodeSSH();
  let shown: HostKey | undefined;
  try {
    await ssh.connect({
      host: access.host,
      port: access.port,
      username: access.user,
      privateKey,
      readyTimeout: timeouts.readyMs,
      keepaliveInterval: timeouts.keepaliveMs,
      keepaliveCountMax: 2,
      algorithms: { serverHostKey: hostKeyAlgorithms(expected) },
      hostVerifier: (blob: Buffer) => {
        shown = hostKeyText(blob);
        return isTrusted(shown);
      },
    });
  } catch (error) {
    ssh.dispose();
    if (shown !== undefined && !isTrusted(shown)) return { kind: 'untrusted', shown };
    return notConnected(error, access);
  }
  // node-ssh listens no longer once it is connected, and an 'error' without a listener
  // would end the bot. What went wrong is known by the command that has no exit status.
  ssh.connection?.on('error', () => {});
  // Small packets that wait for an acknowledgement cost 40 ms at every turn of a command.
  ssh.connection?.setNoDelay(true);
  if (shown === undefined) throw new Error('ssh2 connected without asking for the host key');
  return { kind: 'connected', session: new SshSession({ ssh, hostKey: shown, timeouts }) };
}

function notConnected(error: unknown, access: SshAccess): Connecting {
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  const why = messageOf(error);
  if (level === 'client-authentication') {
    return { kind: 'refused', why: `it does not accept the bot's SSH key for the user ${access.user}` };
  }
  if (level === 'handshake' && /no matching/i.test(why)) return { kind: 'refused', why };
  if (/cannot parse private ?key|encrypted.*passphrase/i.test(why)) {
    return { kind: 'refused', why: `the bot's SSH key can't be used (${why})` };
  }
  return { kind: 'down', why };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
