import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestboxAddress } from '../contract/address.ts';
import { configSearchOrder, parseBootConfig } from '../contract/pxelinux.ts';
import { BOOT_CONFIG_DIRECTORY } from '../contract/share-layout.ts';

/** What a box decides at power-up, having asked the network first. */
export type BootChoice =
  | { kind: 'local-disk'; config: string }
  | { kind: 'maintenance'; config: string; kernel: string; commandLine: string }
  /** PXELINUX stands still with this on the screen. */
  | { kind: 'stuck'; why: string };

/** Looks the boot config up as PXELINUX does and follows it. */
export async function chooseBoot(
  tftpRoot: string,
  client: { uuid: string | null; mac: string | null; address: TestboxAddress },
): Promise<BootChoice> {
  const found = await firstConfig(tftpRoot, configSearchOrder(client));
  if (found === undefined) return { kind: 'stuck', why: 'PXELINUX: no configuration file found' };
  const config = parseBootConfig(found.text);
  if (config === undefined) return { kind: 'stuck', why: `PXELINUX: ${found.name} has no label to boot` };
  if (config.kind === 'local-boot') return { kind: 'local-disk', config: found.name };
  for (const file of [config.kernel, config.initrd]) {
    if (file !== null && !(await exists(join(tftpRoot, file)))) {
      return { kind: 'stuck', why: `PXELINUX: ${file} not found on the TFTP server` };
    }
  }
  return { kind: 'maintenance', config: found.name, kernel: config.kernel, commandLine: config.append };
}

async function firstConfig(
  tftpRoot: string,
  names: readonly string[],
): Promise<{ name: string; text: string } | undefined> {
  for (const name of names) {
    const text = await readIfThere(join(tftpRoot, BOOT_CONFIG_DIRECTORY, name));
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
