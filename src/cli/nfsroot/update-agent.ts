import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StorageConfig } from '../../config/storage-env.ts';
import { AgentConfig } from '../../contract/agent-config.ts';
import { TEMPORARY_PREFIX } from '../../contract/share-layout.ts';
import { syncDirectory } from '../../storage/durable-file.ts';
import { fileErrorCode } from '../../storage/file-error.ts';
import { type AgentBundle, loadAgentBundle, writeBundle } from './agent-bundle.ts';
import { holdLock } from './hold-lock.ts';
import { installedAgent } from './installed-agent.ts';
import {
  AGENT_CONFIG_FILE,
  AUTHORIZED_KEYS_FILE,
  CURRENT_RELEASE_LINK,
  NfsrootLayout,
  RELEASES_DIRECTORY,
} from './layout.ts';
import { refuseUnlessRoot } from './obstacles.ts';
import { NfsrootProblem } from './problem.ts';
import { replaceLink, settleCurrent } from './put-in-place.ts';
import { readRelease, writeRelease } from './release.ts';
import { replaceRootFile } from './replace-root-file.ts';
import { runTool } from './run-tool.ts';
import {
  agentConfigOf,
  agentConfigText,
  authorizedKeysText,
  type JoblessWish,
  readSettings,
} from './settings.ts';

/**
 * Replaces the agent of the root that boxes boot, and what the environment says of it. Boxes that
 * run go on with the agent they have in memory. Gives what was done, a sentence each.
 *
 * @throws {NfsrootProblem} when there is no root, or it can't be written
 */
export async function updateAgent(config: StorageConfig, jobless: JoblessWish): Promise<string[]> {
  const settings = await readSettings(config, jobless);
  refuseUnlessRoot();
  const agent = await loadAgentBundle();
  const layout = new NfsrootLayout(config.nfsroot);
  if ((await layout.currentBuild()) === null) throw nothingThere(layout);
  return holdLock(layout.lock, async () => {
    const build = await settleCurrent({ layout, config });
    if (build === null) throw nothingThere(layout);
    const { root } = build;
    const done = await putAgent(root, agent);
    const { before, wanted } = await agentConfigs(root, config, jobless);
    const { botUrl, allowJobless } = wanted;
    if (before?.botUrl !== botUrl || before.allowJobless !== allowJobless) {
      await replaceRootFile(join(root, AGENT_CONFIG_FILE), agentConfigText(wanted), 0o644);
      const bot = botUrl === null ? 'no bot' : `the bot at ${botUrl}`;
      done.push(
        `agent.json now names ${bot}, and boot configs without a job are ${allowJobless ? 'acted on' : 'refused'}`,
      );
    }
    if (await replaceRootFile(join(root, AUTHORIZED_KEYS_FILE), authorizedKeysText(settings.keys), 0o600)) {
      done.push(
        `${settings.keys.length} ${settings.keys.length === 1 ? 'key' : 'keys'} may log in from the next boot on`,
      );
    }
    const release = await readRelease(build);
    if (release !== null && release.agentVersion !== agent.version) {
      await writeRelease(root, { ...release, agentVersion: agent.version });
    }
    return done;
  });
}

/** Whether boxes act without a job is kept as it was decided, while the bot stays the same. */
async function agentConfigs(
  root: string,
  config: StorageConfig,
  jobless: JoblessWish,
): Promise<{ before: AgentConfig | null; wanted: AgentConfig }> {
  const wanted = agentConfigOf(config, jobless);
  const parsed = AgentConfig.safeParse(await readJson(join(root, AGENT_CONFIG_FILE)));
  const before = parsed.success ? parsed.data : null;
  const isDecided = jobless === null && before?.botUrl === wanted.botUrl;
  return { before, wanted: isDecided ? before : wanted };
}

async function putAgent(root: string, agent: AgentBundle): Promise<string[]> {
  const releases = join(root, RELEASES_DIRECTORY);
  const before = await installedAgent(root);
  const target = join(releases, agent.version);
  const isWhole = await isInstalled(target, agent);
  if (before === agent.version && isWhole) return [];
  if (!isWhole) await writeWhole(target, agent);
  await replaceLink(join('releases', agent.version), join(root, CURRENT_RELEASE_LINK));
  await syncDirectory(join(root, RELEASES_DIRECTORY, '..'));
  for (const name of await readdir(releases)) {
    if (name === agent.version || name === before) continue;
    await rm(join(releases, name), { recursive: true });
  }
  return [`boxes start the agent ${agent.version} from their next boot on (it was ${before ?? 'not there'})`];
}

/** Under a name that nobody starts first: a box may look at any moment. */
async function writeWhole(target: string, agent: AgentBundle): Promise<void> {
  const partial = join(target, '..', `${TEMPORARY_PREFIX}${basename(target)}`);
  await rm(partial, { recursive: true, force: true });
  await writeBundle(partial, agent);
  await runTool('sync', ['--file-system', partial]);
  await rm(target, { recursive: true, force: true }); // damaged, or not there
  await rename(partial, target);
  await syncDirectory(join(target, '..'));
}

async function isInstalled(directory: string, { files }: AgentBundle): Promise<boolean> {
  for (const [name, content] of files) {
    try {
      if (!content.equals(await readFile(join(directory, name)))) return false;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return false;
      throw error;
    }
  }
  return true;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null; // it is written anew
  }
}

function nothingThere({ nfsroot }: NfsrootLayout): NfsrootProblem {
  return new NfsrootProblem(`there is no maintenance system in ${nfsroot}: testbox nfsroot build makes it`);
}
