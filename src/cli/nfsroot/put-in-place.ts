import { rename, rm, symlink } from 'node:fs/promises';
import type { StorageConfig } from '../../config/storage-env.ts';
import { syncDirectory, temporaryName } from '../../storage/durable-file.ts';
import { differingBootFiles, findBootFiles, installBootFiles } from './boot-files.ts';
import type { Build, NfsrootLayout } from './layout.ts';
import { readRelease, writeRelease } from './release.ts';

interface Place {
  layout: NfsrootLayout;
  config: Pick<StorageConfig, 'tftpRoot' | 'kernel' | 'initrd'>;
}

/**
 * Makes boxes boot this build from now on. Its initrd names its root, so the pair in the TFTP area
 * decides alone, and the link follows it.
 */
export async function putInPlace(build: Build, { layout, config }: Place): Promise<void> {
  const before = await layout.currentBuild();
  if (before !== null && before.name !== build.name) await markReplaced(before, new Date().toISOString());
  await markReplaced(build, null);
  await installBootFiles(await findBootFiles(build.root), config);
  await replaceLink(layout.linkTo(build), layout.currentLink);
  await syncDirectory(layout.nfsroot);
}

/**
 * Gives the build that boxes boot, after a run that was killed between the TFTP area and the link
 * too: the pair decides; one that is of no build is replaced. Null when there is no build.
 */
export async function settleCurrent({ layout, config }: Place): Promise<Build | null> {
  const current = await layout.currentBuild();
  const others = (await layout.listBuilds()).reverse().filter(({ name }) => name !== current?.name);
  for (const build of current === null ? others : [current, ...others]) {
    if ((await differingBootFiles(await findBootFiles(build.root), config)).length > 0) continue;
    if (build.name !== current?.name) await putInPlace(build, { layout, config });
    return build;
  }
  if (current !== null) await putInPlace(current, { layout, config });
  return current;
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

/** Before it is: a build that is marked and still the current one is never removed. */
async function markReplaced(build: Build, replacedAt: string | null): Promise<void> {
  const release = await readRelease(build);
  if (release === null || release.replacedAt === replacedAt) return;
  await writeRelease(build.root, { ...release, replacedAt });
}
