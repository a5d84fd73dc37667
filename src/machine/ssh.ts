import { readFile } from 'node:fs/promises';
import type { HostKeyPins, Machines, Probe, Reach, RebootOutcome } from '../app/ports.ts';
import type { SshAccess, Testbox } from '../domain/testbox.ts';
import type { HostKey } from './host-keys.ts';
import { knownHostKeys } from './known-hosts.ts';
import { reachPort } from './reach.ts';
import { connectSsh, SSH_TIMEOUTS, type SshSession, type SshTimeouts } from './ssh-session.ts';
import { systemOf } from './system-of.ts';
import { linux } from './systems/linux.ts';
import type { ProbeResult } from './systems/probe-lines.ts';
import { IN_MAINTENANCE_STATUS, NOT_ALLOWED_STATUS, type System } from './systems/system.ts';
import { pinPlace, restoredPlace, type Trust, trustFor } from './trust.ts';

export interface SshMachinesOptions {
  /** The bot's private key; null without one: every box then refuses. */
  keyFile: string | null;
  knownHostsFile: string;
  pins: HostKeyPins;
  timeouts?: SshTimeouts;
}

interface Open {
  kind: 'open';
  session: SshSession;
  firstUse: boolean;
  seen: Extract<Trust, { kind: 'keys' }>['seen'];
}

type Opening = Open | { kind: 'refused'; why: string } | { kind: 'down'; why: string };

type Asked =
  | { kind: 'told'; result: ProbeResult }
  | { kind: 'refused'; why: string }
  | { kind: 'down'; why: string };

const IN_MAINTENANCE: RebootOutcome = {
  kind: 'failed',
  why: 'it runs the maintenance system, which is not rebooted over SSH',
};

/** The bot's hands on the systems of boxes, over SSH. No box is ever trusted unseen. */
export class SshMachines implements Machines {
  readonly #options: SshMachinesOptions;

  constructor(options: SshMachinesOptions) {
    this.#options = options;
  }

  async probe(testbox: Testbox, trusted: readonly HostKey[]): Promise<Probe> {
    const opening = await this.#open(testbox.ssh, trusted);
    if (opening.kind !== 'open') return opening;
    const { session } = opening;
    try {
      const asked = await this.#ask(opening, testbox);
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
    const system = systemOf(testbox);
    try {
      // Only the command for Linux looks by itself whether it is the maintenance system.
      if (firstUse || system !== linux) {
        const asked = await this.#ask(opening, testbox);
        if (asked.kind !== 'told') return { kind: 'failed', why: asked.why };
        if (asked.result.system === 'maintenance') return IN_MAINTENANCE;
      }
      return await startReboot(session, system);
    } finally {
      session.dispose();
    }
  }

  async keepHostKey({ ssh }: Testbox, key: HostKey): Promise<void> {
    const { pins, knownHostsFile } = this.#options;
    if (ssh.hostKey === 'first-use') return pins.replace(pinPlace(ssh), key);
    const listed = await knownHostKeys({ host: ssh.host, port: ssh.port, file: knownHostsFile });
    if (listed.kind === 'known' && listed.keys.includes(key)) return;
    await pins.replace(restoredPlace(ssh), key);
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
    const firstUse = trust.firstUse && !trust.keys.includes(session.hostKey);
    return { kind: 'open', session, firstUse, seen: trust.seen };
  }

  /** Asks what runs there. A first key is only pinned when it is that of the box's own system. */
  async #ask({ session, firstUse, seen }: Open, testbox: Testbox): Promise<Asked> {
    const asked = await askSystem(session, systemOf(testbox));
    if (asked.kind !== 'told' || asked.result.system === 'maintenance') return asked;
    await seen(session.hostKey);
    if (!firstUse) return asked;
    const kept = await this.#options.pins.pin(pinPlace(testbox.ssh), session.hostKey);
    if (kept === session.hostKey) return asked;
    return { kind: 'refused', why: 'another host key of it was pinned at this very moment' };
  }
}

/** The maintenance system is a Linux, whatever the box's own is: it is asked for first. */
async function askSystem(session: SshSession, system: System): Promise<Asked> {
  if (system !== linux) {
    const outcome = await session.run(linux.probe);
    if (outcome.kind === 'unknown') return { kind: 'down', why: outcome.why };
    const result = linux.read(outcome.stdout);
    if (result?.system === 'maintenance') return { kind: 'told', result };
  }
  const outcome = await session.run(system.probe);
  if (outcome.kind === 'unknown') return { kind: 'down', why: outcome.why };
  const result = outcome.code === 0 ? system.read(outcome.stdout) : undefined;
  if (result !== undefined) return { kind: 'told', result };
  return {
    kind: 'refused',
    why: `it does not answer as ${system.called} does (${firstLine(outcome.stderr)})`,
  };
}

async function startReboot(session: SshSession, system: System): Promise<RebootOutcome> {
  const outcome = await session.run(system.reboot);
  if (outcome.kind === 'unknown') return outcome;
  switch (outcome.code) {
    case 0:
      return { kind: 'issued' };
    case IN_MAINTENANCE_STATUS:
      return IN_MAINTENANCE;
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
