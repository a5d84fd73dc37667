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
  /** Writes past the page cache; left out where that isn't possible, and of a disk that is only read. */
  directWriteFd?: number;
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

/** The backup share, as a machine has got it: the box's directory is `<root>/<its address>`. */
export interface BackupShare {
  /** `own`: nothing but the box's directory is there, as the server exports no more to it. */
  kind: 'own' | 'whole';
  root: string;
}

/** What people should hear of, though nothing fails by it. */
export interface Remark {
  level: 'info' | 'warn';
  message: string;
}

/** The machine the agent runs on. Everything above this port is the same in the lab and on hardware. */
export interface Machine {
  readonly orders: Orders;
  readonly address: TestboxAddress;
  /** Asks who may know the name that belongs to the address; null when nobody does. */
  hostname(): Promise<string | null>;
  readonly bootId: BootId;
  /** The DMI system UUID. */
  readonly uuid: string | null;
  readonly macs: readonly string[];
  readonly agentConfig: AgentConfig;
  /** Where the TFTP area is once it is mounted. */
  readonly tftpRoot: string;
  /** Source address of connections to the bot; null is any. */
  readonly localAddress: string | null;
  /**
   * Makes the backup share's files available, as they may be already; one try, bounded in time.
   *
   * @param prefer what is tried first; the other is taken where the server doesn't export it
   * @throws Failure of class storage; `share-away` is worth another try
   */
  mountBackupShare(prefer: BackupShare['kind']): Promise<BackupShare>;
  /** The same for the TFTP area, to be written to. @throws Failure of class storage */
  mountTftpArea(): Promise<void>;
  /** Fingerprints of its SSH host keys, `SHA256:…`; empty while there are none. Null without a server. */
  readonly sshFingerprints: (() => Promise<string[]>) | null;
  /**
   * Sees to it that people can log in by SSH, now; null where that is not the agent's business.
   *
   * @throws when the SSH server doesn't start
   */
  readonly admitLogIns: (() => Promise<void>) | null;
  /**
   * Looks that the firmware boots from the network first, and sees to it. Never throws: what
   * can't be done is a remark, and nothing is one where all is well.
   */
  keepNetworkFirst(): Promise<Remark[]>;
  /** Sets the clock to this epoch ms; null where the machine shares it with others. */
  readonly setClock: ((epochMs: number) => Promise<void>) | null;
  /** Whole disks as they are now, also those that can't be imaged. */
  listDisks(): Promise<Disk[]>;
  /** Bounded in time and size; what can't be found out is said in its place. */
  inspect(): Promise<MachineFacts>;
  /** @throws with code EBUSY when the disk is mounted, held or opened alone by another */
  openDisk(kernelName: DiskSlot, access: 'read' | 'write'): Promise<OpenDisk>;
  /** Bytes a second that imaging may move; null is no limit. Asked again while it runs. */
  rateLimit(): Promise<number | null>;
  /**
   * Boots again, whatever hangs; on a real machine the agent is killed meanwhile.
   *
   * @throws when nothing made it boot
   */
  reboot(): Promise<void>;
}
