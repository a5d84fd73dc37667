import { rename, rm, symlink } from 'node:fs/promises';
import type { StorageConfig } from '../../config/storage-env.ts';
import { syncDirectory, temporaryName } from '../../storage/durable-file.ts';
import { findBootFiles, installBootFiles } from './boot-files.ts';
import type { Build, NfsrootLayout } from './layout.ts';

/**
 * Makes boxes boot this build from now on. Its initrd names its root, so that the pair in the TFTP
 * area decides alone; killed at any point, this is repeated by the next run. Gives the paths of
 * kernel and initrd.
 */
export async function putInPlace(
  build: Build,
  {
    layout,
    config,
  }: { layout: NfsrootLayout; config: Pick<StorageConfig, 'tftpRoot' | 'kernel' | 'initrd'> },
): Promise<string[]> {
  const paths = await installBootFiles(await findBootFiles(build.root), config);
  await replaceLink(layout.linkTo(build), layout.currentLink);
  await syncDirectory(layout.nfsroot);
  return paths;
}

/** A link that always points somewhere: the new one takes the old one's place by a rename. */
export async function replaceLink(target: string, path: string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await symlink(target, temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
