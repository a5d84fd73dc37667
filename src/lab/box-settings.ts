import type { TestboxAddress } from '../contract/address.ts';
import type { AgentConfig } from '../contract/agent-config.ts';
import type { BootOrder } from './script/step.ts';
import type { ShareAreas } from './share-areas.ts';

/** A disk of a virtual box: the file is read again at every boot, so it may be replaced. */
export interface BoxDisk {
  kernelName: string;
  serial: string;
  file: string;
}

/** What makes one virtual testbox. */
export interface BoxSettings extends ShareAreas {
  name: string;
  address: TestboxAddress;
  identity: { uuid: string; mac: string };
  /** For the agent's description of the machine. */
  directory: string;
  /** The first one is the boot disk. */
  disks: BoxDisk[];
  ssh: { host: string; port: number; authorizedKey: string };
  /** What the firmware tries, at the next power-up. */
  bootOrder: BootOrder;
  /** Absolute path of `agent/main`. */
  agentScript: string;
  /** Read at every boot into the maintenance system. */
  agent: AgentConfig;
  /** Source address of the agent's connections; null is any. */
  localAddress: string | null;
  rateLimitFile: string;
  selfTestMs: number;
  rebootDelayMs: number;
  agentRestartMs: number;
}
