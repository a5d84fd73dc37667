import { chmod, copyFile, lstat, mkdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StorageConfig } from '../../config/storage-env.ts';
import { BACKUP_MOUNT, TFTP_MOUNT } from '../../contract/share-layout.ts';
import { type AgentBundle, writeBundle } from './agent-bundle.ts';
import {
  AGENT_CONFIG_FILE,
  AUTHORIZED_KEYS_FILE,
  CURRENT_RELEASE_LINK,
  RELEASES_DIRECTORY,
} from './layout.ts';
import { type Recipe, walkTree } from './recipe.ts';
import { agentConfigText, authorizedKeysText, fstabText, type RootSettings } from './settings.ts';

/** The initramfs hook of the recipe takes it into the initrd, which mounts its own build by it. */
const BUILD_SCRIPT = '/usr/lib/testbox/initramfs/build.sh';

export interface StagedParts {
  recipe: Pick<Recipe, 'tree'>;
  agent: AgentBundle;
  config: Pick<StorageConfig, 'nfsServer'>;
  settings: RootSettings;
  build: string;
}

/**
 * Lays out everything that is copied onto the plain Debian, with the modes that it has there
 * whatever this machine's umask and the modes in somebody's clone.
 */
export async function stageTree(stage: string, parts: StagedParts): Promise<void> {
  const { agent, settings } = parts;
  await directory(stage);
  if (parts.recipe.tree !== null) await copyTree(parts.recipe.tree, stage);
  for (const path of [TFTP_MOUNT, BACKUP_MOUNT, RELEASES_DIRECTORY]) await directory(join(stage, path));
  const release = join(RELEASES_DIRECTORY, agent.version);
  await writeBundle(join(stage, release), agent);
  await symlink(join('releases', agent.version), join(stage, CURRENT_RELEASE_LINK));
  await file(join(stage, AGENT_CONFIG_FILE), agentConfigText(settings.agentConfig));
  await file(join(stage, AUTHORIZED_KEYS_FILE), authorizedKeysText(settings.keys), 0o600);
  await file(join(stage, '/etc/fstab'), fstabText(parts.config));
  await file(join(stage, BUILD_SCRIPT), `build=${parts.build}\n`);
  for (const path of ['/root', '/root/.ssh']) await chmod(join(stage, path), 0o700);
}

/** Git knows of modes only whether a file is a program. */
async function copyTree(from: string, to: string): Promise<void> {
  for (const path of await walkTree(from)) {
    const [source, target] = [join(from, path), join(to, path)];
    const found = await lstat(source);
    if (found.isDirectory()) await directory(target);
    else if (found.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, (found.mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}

async function file(path: string, content: string, mode = 0o644): Promise<void> {
  await directory(dirname(path));
  await writeFile(path, content);
  await chmod(path, mode);
}

async function directory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let at = path; at.length >= made.length; at = dirname(at)) await chmod(at, 0o755);
}
