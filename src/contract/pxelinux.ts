import type { Action } from './action.ts';
import { hexAddress, type TestboxAddress } from './address.ts';
import { ACTION_WORD, JOB_WORD, NONCE_WORD, type Orders, readOrders } from './command-line.ts';
import type { JobId, Nonce } from './ids.ts';

/** What a maintenance boot config says. Paths are relative to the TFTP root. */
export interface BootConfig {
  action: Action;
  /** Null writes the seed's form, which acts without a job. */
  job: { id: JobId; nonce: Nonce } | null;
  kernel: string;
  initrd: string;
  /** Further words of the kernel command line, such as `boot=nfs`. */
  words: readonly string[];
  /** What PXELINUX adds to them, at the end; `ip=` and `BOOTIF=` when nothing is said. */
  sysappend?: number;
  /** PXELINUX's own serial console: the number of the port, from 0, and its rate in bits/s. */
  serial?: { port: number; rate: number } | null;
}

/** PXELINUX adds `ip=<client>:<boot server>:<gateway>:<netmask>`, as its firmware was told. */
export const SYSAPPEND_IP = 1;
/** PXELINUX adds `BOOTIF=01-<mac>` of the NIC that it came over. */
export const SYSAPPEND_BOOTIF = 2;

/** A control character in a word would end the line and start another. */
export class BootConfigError extends Error {
  override name = 'BootConfigError';
}

/**
 * The text of a boot config, in the original's form.
 *
 * @throws BootConfigError when a value has white space or control characters
 */
export function renderBootConfig(config: BootConfig): string {
  const { sysappend = SYSAPPEND_IP | SYSAPPEND_BOOTIF, serial = null } = config;
  const jobWords =
    config.job === null ? [] : [`${JOB_WORD}${config.job.id}`, `${NONCE_WORD}${config.job.nonce}`];
  const append = [`initrd=${config.initrd}`, `${ACTION_WORD}${config.action}`, ...jobWords, ...config.words];
  for (const word of [config.kernel, ...append]) {
    if (word === '' || /[\s\u0000-\u001f\u007f]/.test(word)) {
      throw new BootConfigError(
        `a boot config word has white space or control characters: ${JSON.stringify(word)}`,
      );
    }
  }
  return [
    // PXELINUX wants it before everything else.
    ...(serial === null ? [] : [`SERIAL ${serial.port} ${serial.rate}`]),
    'PATH bios',
    'DEFAULT maintenance',
    'LABEL maintenance',
    '  MENU LABEL Maintenance (NFS)',
    `  KERNEL ${config.kernel}`,
    `  SYSAPPEND ${sysappend}`,
    `  APPEND ${append.join(' ')}`,
    'LABEL local-boot',
    'LOCALBOOT',
    '',
  ].join('\n');
}

export type ParsedBootConfig =
  | {
      kind: 'maintenance';
      kernel: string;
      initrd: string | null;
      orders: Orders;
      append: string;
      /** What PXELINUX adds; 0 where the file doesn't say. */
      sysappend: number;
    }
  | { kind: 'local-boot' };

/**
 * Reads a boot config the way PXELINUX would, as far as this scheme uses it: the DEFAULT
 * label, its KERNEL and APPEND (which may go on over lines that end in a backslash).
 * Gives undefined for files that are neither ours nor the seed's.
 */
export function parseBootConfig(text: string): ParsedBootConfig | undefined {
  const labels = new Map<string, Map<string, string>>();
  let defaultLabel: string | undefined;
  let current: Map<string, string> | undefined;
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, keyword = '', value = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    const name = keyword.toUpperCase();
    if (name === '' || name.startsWith('#')) continue;
    if (name === 'DEFAULT') defaultLabel = value;
    else if (name === 'LABEL') {
      current = new Map();
      labels.set(value, current);
    } else current?.set(name, value);
  }
  const chosen = defaultLabel === undefined ? undefined : labels.get(defaultLabel);
  if (chosen === undefined) return undefined;
  if (chosen.has('LOCALBOOT')) return { kind: 'local-boot' };
  const kernel = chosen.get('KERNEL') ?? chosen.get('LINUX');
  const append = chosen.get('APPEND');
  if (kernel === undefined || append === undefined) return undefined;
  const initrd =
    append
      .split(/\s+/)
      .find((word) => word.startsWith('initrd='))
      ?.slice('initrd='.length) ?? null;
  const sysappend = Number(chosen.get('SYSAPPEND') ?? chosen.get('IPAPPEND') ?? 0);
  return { kind: 'maintenance', kernel, initrd, orders: readOrders(append), append, sysappend };
}

/**
 * The file names below `pxelinux.cfg/` that PXELINUX asks for, in its order: client UUID,
 * `01-<mac>`, the address in hex and its shorter and shorter prefixes, `default`.
 * Source: https://wiki.syslinux.org/wiki/index.php?title=PXELINUX#Configuration
 */
export function configSearchOrder(client: {
  uuid: string | null;
  mac: string | null;
  address: TestboxAddress;
}): string[] {
  const hex = hexAddress(client.address);
  return [
    ...(client.uuid === null ? [] : [client.uuid.toLowerCase()]),
    ...(client.mac === null ? [] : [`01-${client.mac.toLowerCase().replaceAll(':', '-')}`]),
    ...Array.from({ length: hex.length }, (_unused, shorter) => hex.slice(0, hex.length - shorter)),
    'default',
  ];
}
