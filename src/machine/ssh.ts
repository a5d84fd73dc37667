import { readFile } from 'node:fs/promises';
import type { HostKeyPins, Machines, Probe, Reach, RebootOutcome } from '../app/ports.ts';
import type { SshAccess, Testbox } from '../domain/testbox.ts';
import type { HostKey } from './host-keys.ts';
import { reachPort } from './reach.ts';
import {
  IN_MAINTENANCE_STATUS,
  NOT_ALLOWED_STATUS,
  PROBE_SCRIPT,
  type ProbeResult,
  parseProbe,
  REBOOT_SCRIPT,
} from './remote-scripts.ts';
import { connectSsh, SSH_TIMEOUTS, type SshSession, type SshTimeouts } from './ssh-session.ts';
import { pinPlace, trustFor } from './trust.ts';

export interface SshMachinesOptions {
  /** The bot's private key; null without one: every box then refuses. */
  keyFile: string | null;
  knownHostsFile: string;
  pins: HostKeyPins;
  timeouts?: SshTimeouts;
}

type Opening =
  | { kind: 'open'; session: SshSession; firstUse: boolean }
  | { kind: 'refused'; why: string }
  | { kind: 'down'; why: string };

type Asked =
  | { kind: 'told'; result: ProbeResult }
  | { kind: 'refused'; why: string }
  | { kind: 'down'; why: string };

/** The bot's hands on the systems of boxes, over SSH. No box is ever trusted unseen. */
export class SshMachines implements Machines {
  readonly #options: SshMachinesOptions;

  constructor(options: SshMachinesOptions) {
    this.#options = options;
  }

  async probe(testbox: Testbox, trusted: readonly HostKey[]): Promise<Probe> {
    const opening = await this.#open(testbox.ssh, trusted);
    if (opening.kind !== 'open') return opening;
    const { session, firstUse } = opening;
    try {
      const asked = await this.#ask(session, { access: testbox.ssh, firstUse });
      if (asked.kind !== 'told') return asked;
      return { kind: 'up', hostKey: session.hostKey, ...asked.result };
    } finally {
      session.dispose();
    }
  }

  async reboot(testbox: Testbox, trusted: readonly HostKey[]): Promise<RebootOutcome> {
    const opening = await this.#open(testbox.ssh, trusted);
    if (opening.kind !== 'open') return { kind: 'failed', why: opening.why };
    const { session, firstUse } = opening;
    try {
      if (firstUse) {
        const asked = await this.#ask(session, { access: testbox.ssh, firstUse });
        if (asked.kind !== 'told') return { kind: 'failed', why: asked.why };
      }
      return await startReboot(session);
    } finally {
      session.dispose();
    }
  }

  /** At the host that SSH uses: the address by which the bot gets to the box. */
  async reach({ name, ssh, back }: Testbox): Promise<Reach> {
    if (back.kind !== 'tcp') return { kind: 'closed', why: `no TCP port tells that ${name} is back` };
    const { readyMs } = this.#options.timeouts ?? SSH_TIMEOUTS;
    return reachPort({ host: ssh.host, port: back.port, timeoutMs: readyMs });
  }

  async #open(access: SshAccess, trusted: readonly HostKey[]): Promise<Opening> {
    const { keyFile, knownHostsFile, pins, timeouts = SSH_TIMEOUTS } = this.#options;
    if (keyFile === null)
      return { kind: 'refused', why: 'the bot has no SSH key (TESTBOX_SSH_KEY is not set)' };
    const privateKey = await readFile(keyFile, 'utf8').catch(() => undefined);
    if (privateKey === undefined)
      return { kind: 'refused', why: `the bot's SSH key ${keyFile} can't be read` };
    const trust = await trustFor(access, { trusted, sources: { knownHostsFile, pins } });
    if (trust.kind === 'unknown') return { kind: 'refused', why: trust.why };
    const connecting = await connectSsh({
      access,
      privateKey,
      expected: trust.keys,
      isTrusted: (shown) => trust.firstUse || trust.keys.includes(shown),
      timeouts,
    });
    if (connecting.kind === 'untrusted') return { kind: 'refused', why: trust.explain(connecting.shown) };
    if (connecting.kind !== 'connected') return connecting;
    const { session } = connecting;
    return { kind: 'open', session, firstUse: trust.firstUse && !trust.keys.includes(session.hostKey) };
  }

  /** Asks what runs there. A first key is only pinned when it is that of the box's own system. */
  async #ask(
    session: SshSession,
    { access, firstUse }: { access: SshAccess; firstUse: boolean },
  ): Promise<Asked> {
    const outcome = await session.run(PROBE_SCRIPT);
    if (outcome.kind === 'unknown') return { kind: 'down', why: outcome.why };
    const result = parseProbe(outcome.stdout);
    if (result === undefined) {
      return {
        kind: 'refused',
        why: `it does not answer as a Linux system does (${firstLine(outcome.stderr)})`,
      };
    }
    if (!firstUse || result.system === 'maintenance') return { kind: 'told', result };
    const kept = await this.#options.pins.pin(pinPlace(access), session.hostKey);
    if (kept === session.hostKey) return { kind: 'told', result };
    return { kind: 'refused', why: 'another host key of it was pinned at this very moment' };
  }
}

async function startReboot(session: SshSession): Promise<RebootOutcome> {
  const outcome = await session.run(REBOOT_SCRIPT);
  if (outcome.kind === 'unknown') return outcome;
  switch (outcome.code) {
    case 0:
      return { kind: 'issued' };
    case IN_MAINTENANCE_STATUS:
      return { kind: 'failed', why: 'it runs the maintenance system, which is not rebooted over SSH' };
    case NOT_ALLOWED_STATUS:
      return { kind: 'failed', why: `the bot's user there may not reboot it (${firstLine(outcome.stderr)})` };
    default:
      return {
        kind: 'failed',
        why: `the reboot command ended with status ${outcome.code} (${firstLine(outcome.stderr)})`,
      };
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 200) || 'without a word';
}
