import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BootId } from '../contract/ids.ts';
import { describeMachine } from './box-description.ts';
import type { BoxSettings } from './box-settings.ts';
import { startBoxSsh } from './box-ssh.ts';
import { chooseBoot } from './firmware.ts';
import { runMaintenance } from './maintenance-run.ts';
import { type InstalledSystem, inspectDisk } from './system-disk.ts';

/** What the box is doing, as somebody in front of it would say. */
export type BoxState = 'off' | 'starting' | 'own-system' | 'maintenance' | 'stuck';

interface BoxEvents {
  state: [BoxState];
  /** A line on the box's screen. */
  console: [string];
  /** A line of the maintenance system's own output. */
  agent: [string];
}

const AFTER_SELF_TEST = { network: ', then network boot (PXE)', disk: ', then the disk', none: '' } as const;

/** A testbox without metal: disks are files, the network is loopback, the agent is the real one. */
export class VirtualTestbox extends EventEmitter<BoxEvents> {
  readonly settings: BoxSettings;
  #state: BoxState = 'off';
  #power: { cut: AbortController; over: Promise<void> } | null = null;
  #closeSsh: (() => Promise<void>) | null = null;

  constructor(settings: BoxSettings) {
    super();
    this.settings = settings;
  }

  get state(): BoxState {
    return this.#state;
  }

  /** Switches the box on; one that is on is switched off first. */
  async powerOn(): Promise<void> {
    await this.powerCut();
    const cut = new AbortController();
    this.#power = { cut, over: this.#run(cut.signal) };
  }

  /** Everything on the box stops at once. */
  async powerCut(): Promise<void> {
    const power = this.#power;
    if (power === null) return;
    this.#power = null;
    power.cut.abort();
    await power.over;
  }

  /** The SSH daemon goes; the rest of the box's system carries on until the next boot. */
  async stopSsh(): Promise<void> {
    const close = this.#closeSsh;
    this.#closeSsh = null;
    await close?.();
  }

  /** Resolves once the box is in one of the states, at once when it is already. */
  async reached(...states: BoxState[]): Promise<void> {
    while (!states.includes(this.#state)) await once(this, 'state');
  }

  /** Resolves once the box has come up somewhere, be it on the screen that says why it doesn't. */
  async settled(): Promise<void> {
    await this.reached('own-system', 'maintenance', 'stuck');
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#boot(signal).catch((error: unknown) => this.#halt(error, signal));
    this.#enter('off');
  }

  async #boot(signal: AbortSignal): Promise<void> {
    const bootId = BootId.parse(randomUUID());
    const { bootOrder } = this.settings;
    this.#enter('starting');
    this.emit('console', `power-on self test${AFTER_SELF_TEST[bootOrder]}`);
    await pause(this.settings.selfTestMs, signal);
    if (signal.aborted) return;
    switch (bootOrder) {
      case 'network':
        return this.#bootNetwork(bootId, signal);
      case 'disk':
        return this.#bootDisk(bootId, signal);
      case 'none':
        return this.#stayStuck('no boot device is chosen: press F1 for setup', signal);
    }
  }

  async #bootNetwork(bootId: BootId, signal: AbortSignal): Promise<void> {
    const { tftpRoot, identity, address } = this.settings;
    const choice = await chooseBoot(tftpRoot, { uuid: identity.uuid, mac: identity.mac, address });
    if (signal.aborted) return;
    switch (choice.kind) {
      case 'stuck':
        return this.#stayStuck(choice.why, signal);
      case 'local-disk':
        this.emit('console', `PXELINUX: ${choice.config} says local boot`);
        return this.#bootDisk(bootId, signal);
      case 'maintenance':
        this.emit('console', `PXELINUX: ${choice.config} says maintenance, loading ${choice.kernel}`);
        return this.#bootMaintenance(bootId, choice.commandLine, signal);
    }
  }

  async #bootDisk(bootId: BootId, signal: AbortSignal): Promise<void> {
    const [disk] = this.settings.disks;
    if (disk === undefined) return this.#stayStuck('no bootable device: no disk', signal);
    const found = await inspectDisk(disk.file);
    if (signal.aborted) return;
    if (found.kind === 'unbootable') return this.#stayStuck(`no bootable device: ${found.why}`, signal);
    this.emit('console', `booting ${disk.kernelName}: ${found.system.banner}`);
    await this.#runDiskSystem(found.system, bootId, signal);
  }

  /** Gives back when the system was told to reboot, or lost its power. */
  async #runDiskSystem(system: InstalledSystem, bootId: BootId, signal: AbortSignal): Promise<void> {
    const bootedAt = Date.now();
    const reboot = new AbortController();
    const ssh = await startBoxSsh({
      ...this.settings.ssh,
      hostKey: system.hostKey,
      facts: () => ({ bootId, uptimeSeconds: Math.floor((Date.now() - bootedAt) / 1000), users: ['tester'] }),
      // The command that asked for it has to end 0 before its connection goes.
      onReboot: () => void pause(this.settings.rebootDelayMs, signal).then(() => reboot.abort()),
    });
    this.#closeSsh = () => ssh.stop();
    this.emit('console', `${system.hostname} login:`);
    this.#enter('own-system');
    await aborted(AbortSignal.any([signal, reboot.signal]));
    if (!signal.aborted) this.emit('console', 'reboot: restarting system');
    await this.stopSsh();
  }

  async #bootMaintenance(bootId: BootId, commandLine: string, signal: AbortSignal): Promise<void> {
    this.#enter('maintenance');
    await runMaintenance({
      machine: await describeMachine(this.settings, { bootId, commandLine }),
      agentScript: this.settings.agentScript,
      directory: this.settings.directory,
      restartDelayMs: this.settings.agentRestartMs,
      onOutput: (line) => this.emit('agent', line),
      signal,
    });
    if (!signal.aborted) this.emit('console', 'maintenance system: restarting');
  }

  async #stayStuck(why: string, signal: AbortSignal): Promise<void> {
    this.emit('console', why);
    this.#enter('stuck');
    await aborted(signal);
  }

  /** A fault of the lab itself must be seen, and must not spin. */
  async #halt(error: unknown, signal: AbortSignal): Promise<void> {
    await this.#stayStuck(
      `virtual testbox: ${error instanceof Error ? error.message : String(error)}`,
      signal,
    );
  }

  #enter(state: BoxState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

/** Sets or lifts (null) the limit that the agent reads while imaging. */
export async function throttle(box: VirtualTestbox, bytesPerSecond: number | null): Promise<void> {
  await writeFile(box.settings.rateLimitFile, bytesPerSecond === null ? '' : String(bytesPerSecond));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
