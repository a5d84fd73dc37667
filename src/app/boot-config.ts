import type { Action } from '../contract/action.ts';
import { type BootConfig, renderBootConfig, SYSAPPEND_BOOTIF, SYSAPPEND_IP } from '../contract/pxelinux.ts';
import { NFSROOT_EXPORT } from '../contract/share-layout.ts';
import type { Job } from '../domain/job.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { Settings } from './app.ts';

type BootSettings = Pick<Settings, 'kernel' | 'initrd' | 'nfsServer'>;

/** What a boot config says of its box. */
export type BootedBox = Pick<
  Testbox,
  'name' | 'address' | 'mac' | 'kernelWords' | 'network' | 'serialConsole'
>;

/** PXELINUX knows the ports of a PC by number; others would be I/O addresses to it. */
const PXELINUX_PORTS = 4;
/** An initramfs that can't mount its root boots again, instead of waiting in a shell that nobody reaches. */
const PANIC_REBOOT_SECONDS = 60;

/** The boot config without job and nonce: a fact of the plan. */
export function plannedBootConfig(testbox: BootedBox, action: Action, settings: BootSettings): string {
  return renderBootConfig({ ...bootConfigOf(testbox, settings), action, job: null });
}

/** What the box's file has to say for its next boot; null while the job has no nonce. */
export function wantedBootConfig(job: Job, testbox: BootedBox, settings: BootSettings): string | null {
  if (job.nonceNext === null) return null;
  return renderBootConfig({
    ...bootConfigOf(testbox, settings),
    action: job.action,
    job: { id: job.id, nonce: job.nonceNext },
  });
}

function bootConfigOf(testbox: BootedBox, settings: BootSettings): Omit<BootConfig, 'action' | 'job'> {
  const { kernel, initrd, nfsServer } = settings;
  const own = testbox.kernelWords;
  const ours = [...systemWords(testbox, nfsServer), ...networkWords(testbox), ...consoleWords(testbox)];
  return {
    kernel,
    initrd,
    words: [...ours.filter((word) => !isSaid(word, own)), ...own],
    sysappend: sysappendOf(testbox),
    serial: serialOf(testbox),
  };
}

/** The last word of a name counts: where the inventory has one, ours would be there in vain. */
function isSaid(word: string, own: readonly string[]): boolean {
  const name = nameOf(word);
  return own.some((other) => other === word || (name !== 'console' && nameOf(other) === name));
}

function nameOf(word: string): string {
  return word.split('=', 1)[0] ?? word;
}

function systemWords({ name }: BootedBox, nfsServer: string): string[] {
  return [
    'ro',
    'boot=nfs',
    'root=/dev/nfs',
    `nfsroot=${nfsServer}:${NFSROOT_EXPORT},ro,tcp`,
    'net.ifnames=0',
    // Boxes that share one root share its host name, and would expire each other's NFSv4 state.
    `nfs.nfs4_unique_id=${name}`,
    `panic=${PANIC_REBOOT_SECONDS}`,
  ];
}

function networkWords({ network, address, mac }: BootedBox): string[] {
  return [
    ...ipWords(network, address),
    // PXELINUX adds the NIC that it came over behind it; other loaders say nothing.
    ...(mac === null ? [] : [`BOOTIF=01-${mac.replaceAll(':', '-')}`]),
  ];
}

/**
 * No device and nothing behind it: the initramfs puts the NIC of BOOTIF there, and its ipconfig
 * doesn't take every field that the kernel's own has.
 */
function ipWords(network: BootedBox['network'], address: string): string[] {
  switch (network.kind) {
    case 'pxe':
      return [];
    case 'dhcp':
      return ['ip=dhcp'];
    case 'static':
      return [`ip=${address}::${network.gateway ?? ''}:${network.netmask}:maintenance`];
  }
}

/** PXELINUX's words come last: what the inventory says itself is not asked of it. */
function sysappendOf({ network, kernelWords }: BootedBox): number {
  const says = (name: string) => kernelWords.some((word) => nameOf(word) === name);
  const ip = network.kind === 'pxe' && !says('ip') ? SYSAPPEND_IP : 0;
  return ip | (says('BOOTIF') ? 0 : SYSAPPEND_BOOTIF);
}

/** The last one is where the maintenance system's messages go. */
function consoleWords({ serialConsole }: BootedBox): string[] {
  return serialConsole === null ? [] : ['console=tty0', `console=${serialConsole}`];
}

function serialOf({ serialConsole }: BootedBox): { port: number; rate: number } | null {
  const [, port, rate] = /^ttyS([0-9]+),([0-9]+)/.exec(serialConsole ?? '') ?? [];
  return Number(port) < PXELINUX_PORTS ? { port: Number(port), rate: Number(rate) } : null;
}
