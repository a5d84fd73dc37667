import type { TestboxAddress } from '../src/contract/address.ts';
import type { AgentConfig } from '../src/contract/agent-config.ts';
import type { Orders } from '../src/contract/command-line.ts';
import type { Disk, DiskSlot } from '../src/contract/disk.ts';
import type { BootId } from '../src/contract/ids.ts';

/** A disk held open, alone, until it is closed. Descriptors are shared with the worker threads. */
export interface OpenDisk {
  fd: number;
  /** Reads past the page cache (`O_DIRECT`); null where that isn't possible. */
  directFd: number | null;
  /** Flushes all that was written. @throws when any of it was lost */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What a machine tells about itself beyond its disks. */
export interface MachineFacts {
  cpuModel: string | null;
  memoryBytes: number | null;
  /** Release of the running kernel. */
  kernel: string | null;
  /** Texts of the inventory programs, in the original's order, or why there is none. */
  sections: readonly { title: string; text: string }[];
}

/** The machine the agent runs on. Everything above this port is the same in the lab and on hardware. */
export interface Machine {
  readonly orders: Orders;
  readonly address: TestboxAddress;
  /** Null when nobody knows it. */
  readonly hostname: string | null;
  readonly bootId: BootId;
  /** The DMI system UUID. */
  readonly uuid: string | null;
  readonly macs: readonly string[];
  readonly agentConfig: AgentConfig;
  /** Where the TFTP area is mounted. */
  readonly tftpRoot: string;
  /** Where the backup share is mounted. */
  readonly backupRoot: string;
  /** Source address of connections to the bot; null is any. */
  readonly localAddress: string | null;
  /** Whole disks as they are now, also those that can't be imaged. */
  listDisks(): Promise<Disk[]>;
  /** Bounded in time and size; what can't be found out is said in its place. */
  inspect(): Promise<MachineFacts>;
  /** @throws with code EBUSY when the disk is mounted, held or opened alone by another */
  openDisk(kernelName: DiskSlot, access: 'read' | 'write'): Promise<OpenDisk>;
  /** Bytes a second that imaging may move; null is no limit. Asked again while it runs. */
  rateLimit(): Promise<number | null>;
  /** Boots again; on a real machine the agent is killed soon after. */
  reboot(): Promise<void>;
}
