import type { TestboxAddress } from '../contract/address.ts';

export type OperatingSystem = 'linux' | 'windows' | 'macos' | 'freebsd' | 'solaris' | 'custom';

/** How the bot sees that a box runs its own system again. */
type BackCheck = { kind: 'ssh' } | { kind: 'tcp'; port: number } | { kind: 'none' };

export interface SshAccess {
  host: string;
  port: number;
  user: string;
  /** `known-hosts` asks the known_hosts file; `first-use` pins the first key seen in the store. */
  hostKey: 'known-hosts' | 'first-use';
}

/** What the box's own shell runs on a system that the bot doesn't know (`os: custom`). */
export interface SystemCommands {
  /** Starts a reboot and ends 0 before it. */
  reboot: string;
  /** Prints one line that is another one after each boot. */
  bootId: string;
}

/** How the bot switches a box off and on again where SSH doesn't help. */
export interface PowerControl {
  /** A program and its arguments; no shell reads them. They may hold a password. */
  cycle: readonly [string, ...string[]];
  /** `auto`: the bot may use it by itself. `click`: a person decides each time. */
  mode: 'auto' | 'click';
  timeoutMs: number;
}

/** How the maintenance system gets its address. */
export type MaintenanceNetwork =
  /** What the box's PXE firmware was given, handed on by PXELINUX. */
  | { kind: 'pxe' }
  /** The kernel asks once more. */
  | { kind: 'dhcp' }
  /** The box's own address of the inventory, without asking anybody. */
  | { kind: 'static'; netmask: string; gateway: TestboxAddress | null };

/** Where the bot posts a box's cards. Null where the platform isn't used. */
export interface Channels {
  console: string | null;
  slack: string | null;
  discord: string | null;
}

/** The states that a deadline can be set for, in the words of the inventory. */
export const DEADLINE_NAMES = [
  'approval',
  'reboot',
  'callHome',
  'silence',
  'backHome',
  'needsHands',
  'rescueReminder',
  'arming',
  'held',
] as const;
export type DeadlineName = (typeof DEADLINE_NAMES)[number];
/** All in ms. */
export type Deadlines = Record<DeadlineName, number>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DEFAULT_DEADLINES: Deadlines = {
  approval: 4 * HOUR,
  reboot: 2 * MINUTE,
  callHome: 20 * MINUTE,
  silence: MINUTE,
  backHome: 20 * MINUTE,
  needsHands: 24 * HOUR,
  rescueReminder: 8 * HOUR,
  arming: 2 * MINUTE,
  held: 4 * HOUR,
};

/** A physical machine that is imaged, as the inventory describes it. */
export interface Testbox {
  name: string;
  address: TestboxAddress;
  /** MAC of the boot NIC, lower case with colons. */
  mac: string | null;
  groups: readonly string[];
  os: OperatingSystem;
  /** Of `os: custom`, and of no other. */
  commands: SystemCommands | null;
  ssh: SshAccess;
  back: BackCheck;
  power: PowerControl | null;
  /** The address its reports come from, where that isn't its own. */
  reportsFrom: string;
  /** Kernel names or identities the inventory restricts imaging to; null is all. */
  disks: readonly string[] | null;
  /** Further words of the maintenance system's kernel command line. */
  kernelWords: readonly string[];
  network: MaintenanceNetwork;
  /** As the kernel takes it (`ttyS0,115200`); null for a box with a screen alone. */
  serialConsole: string | null;
  /** How a UEFI box comes from PXELINUX to its own disk; a BIOS has no choice. */
  uefiLocalBoot: 'firmware' | 'grub';
  deadlines: Deadlines;
  channels: Channels;
}
