import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageConfig } from '../../config/storage-env.ts';
import { AgentConfig } from '../../contract/agent-config.ts';
import { fileErrorCode } from '../../storage/file-error.ts';
import { type AgentBundle, loadAgentBundle } from './agent-bundle.ts';
import { collectKeys } from './authorized-keys.ts';
import { differingBootFiles, findBootFiles } from './boot-files.ts';
import { installedAgent } from './installed-agent.ts';
import { AGENT_CONFIG_FILE, AUTHORIZED_KEYS_FILE, type Build, NfsrootLayout } from './layout.ts';
import { messageOf } from './problem.ts';
import { type Release, readRelease } from './release.ts';

/** One thing that was looked at; a line that is not ok says what to do. */
export interface NfsrootLine {
  ok: boolean;
  line: string;
}

/** Looks at the maintenance system that boxes boot, and changes nothing. */
export async function examineNfsroot(
  config: StorageConfig,
  loadAgent: () => Promise<AgentBundle> = loadAgentBundle,
): Promise<NfsrootLine[]> {
  const layout = new NfsrootLayout(config.nfsroot);
  const build = await layout.currentBuild();
  if (build === null) {
    return [
      {
        ok: false,
        line: `there is no maintenance system in ${config.nfsroot}: testbox nfsroot build makes it`,
      },
    ];
  }
  const release = await readRelease(build);
  const looks = [
    () => lookAtRelease(build, release),
    () => lookAtBootFiles(build, config),
    () => lookAtAgent(build, loadAgent),
    () => lookAtAgentConfig(build, config),
    () => lookAtKeys(build, config),
    () => lookAtPartial(layout),
  ];
  const lines: NfsrootLine[] = [];
  for (const look of looks) {
    try {
      lines.push(...(await look()));
    } catch (error) {
      lines.push({ ok: false, line: messageOf(error) });
    }
  }
  return lines;
}

async function lookAtRelease({ root }: Build, release: Release | null): Promise<NfsrootLine[]> {
  if (release === null) {
    return [{ ok: false, line: `${root} doesn't say what it is: testbox nfsroot build makes it anew` }];
  }
  const { suite, kernel, builtAt } = release;
  return [
    {
      ok: true,
      line: `Debian ${suite} with the kernel ${kernel}, built ${builtAt.slice(0, 10)}, in ${root}`,
    },
  ];
}

async function lookAtBootFiles({ root }: Build, config: StorageConfig): Promise<NfsrootLine[]> {
  const files = await findBootFiles(root);
  const differing = await differingBootFiles(files, config);
  if (differing.length === 0) {
    return [{ ok: true, line: `kernel and initrd in ${config.tftpRoot} are those of the root` }];
  }
  const which = differing.length === 1 ? 'is not that' : 'are not those';
  return [
    {
      ok: false,
      line: `${differing.join(' and ')} ${which} of the root ${root}: testbox nfsroot update-agent puts that right`,
    },
  ];
}

async function lookAtAgent({ root }: Build, loadAgent: () => Promise<AgentBundle>): Promise<NfsrootLine[]> {
  const installed = await installedAgent(root);
  const { version } = await loadAgent();
  if (installed === version) return [{ ok: true, line: `the agent is this program's, ${version}` }];
  const what = installed === null ? 'there is no agent on the root' : `the agent on the root is ${installed}`;
  return [{ ok: false, line: `${what} and this program's is ${version}: testbox nfsroot update-agent` }];
}

async function lookAtAgentConfig({ root }: Build, { reportUrl }: StorageConfig): Promise<NfsrootLine[]> {
  const path = join(root, AGENT_CONFIG_FILE);
  const parsed = AgentConfig.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    return [{ ok: false, line: `${path} is no configuration of an agent: testbox nfsroot update-agent` }];
  }
  const { botUrl, allowJobless } = parsed.data;
  if (botUrl !== reportUrl) {
    const theirs = botUrl === null ? 'no bot' : `the bot at ${botUrl}`;
    const ours = reportUrl === null ? 'is not set' : `is ${reportUrl}`;
    return [
      {
        ok: false,
        line: `the agent knows ${theirs} and TESTBOX_REPORT_URL ${ours}: testbox nfsroot update-agent`,
      },
    ];
  }
  const bot = botUrl === null ? 'the agent knows no bot' : `the agent reports to ${botUrl}`;
  const jobless = allowJobless ? 'acts on boot configs without a job' : 'acts on nothing without its word';
  return [{ ok: true, line: `${bot} and ${jobless}` }];
}

async function lookAtKeys({ root }: Build, config: StorageConfig): Promise<NfsrootLine[]> {
  const installed = await readAsAllowed(join(root, AUTHORIZED_KEYS_FILE));
  if (installed === null) {
    return [{ ok: true, line: 'who may log in is for root to see: testbox nfsroot check' }];
  }
  const lines = installed.split('\n').filter((line) => line !== '');
  const wanted = await collectKeys(config);
  const differs = wanted.length !== lines.length || wanted.some((line) => !lines.includes(line));
  if (!differs) {
    return [{ ok: true, line: `${lines.length} ${lines.length === 1 ? 'key' : 'keys'} may log in as root` }];
  }
  return [
    {
      ok: false,
      line: 'other keys may log in to the maintenance system than the environment names: testbox nfsroot update-agent',
    },
  ];
}

/** Null where only root may read it: the bot's user looks too. */
async function readAsAllowed(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (fileErrorCode(error) === 'EACCES') return null;
    throw error;
  }
}

async function lookAtPartial(layout: NfsrootLayout): Promise<NfsrootLine[]> {
  const partial = await layout.listPartial();
  return partial.map((path) => ({
    ok: true,
    line: `${path} is of a build that runs, or was cut short: the next testbox nfsroot build removes it`,
  }));
}
